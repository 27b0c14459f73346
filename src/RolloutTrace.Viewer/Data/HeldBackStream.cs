using System.Buffers;

namespace RolloutTrace.Viewer.Data;

/// <summary>Keeps what is written until it is asked for, in pieces that are others' memory before and afterwards.</summary>
internal sealed class HeldBackStream : WriteOnlyStream
{
    private const int PieceBytes = 1 << 18;

    private readonly List<byte[]> pieces = [];
    private long length;

    /// <summary>How much is kept.</summary>
    public override long Length => length;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var at = (int)(length % PieceBytes);
            if (at == 0)
            {
                pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
            }

            var taken = buffer[..Math.Min(buffer.Length, PieceBytes - at)];
            taken.CopyTo(pieces[^1].AsSpan(at));
            length += taken.Length;
            buffer = buffer[taken.Length..];
        }
    }

    public override void Flush()
    {
        // It goes nowhere until it is asked for.
    }

    /// <summary>Writes what is kept, and keeps it no more.</summary>
    public void MoveTo(Stream destination)
    {
        foreach (var piece in pieces)
        {
            var written = (int)Math.Min(length, PieceBytes);
            destination.Write(piece.AsSpan(0, written));
            ArrayPool<byte>.Shared.Return(piece);
            length -= written;
        }

        pieces.Clear();
    }
}
