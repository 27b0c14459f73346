using System.Buffers;
using System.Text.Json;

namespace RolloutTrace.Payloads;

/// <summary>Takes a document and writes it into another one as a string, piece by piece. The last piece is the caller's to write.</summary>
internal sealed class TextOutput(Utf8JsonWriter writer) : IBufferWriter<byte>
{
    private const int PieceLength = 16 << 10;

    private byte[] piece = [];

    public void Advance(int count) => writer.WriteStringValueSegment(piece.AsSpan(0, count), isFinalSegment: false);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (piece.Length < Math.Max(sizeHint, PieceLength))
        {
            piece = new byte[Math.Max(sizeHint, PieceLength)];
        }

        return piece;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
