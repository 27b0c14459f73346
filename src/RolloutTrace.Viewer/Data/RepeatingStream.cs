using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// Writes bytes as what they repeat of others and what is new in them. A compression that looks back over 32 KB does not see that the document's rest says much of what the
/// evidence says, megabytes before. Linear, in blocks: memory is bounded. One is compared while the next is filled.
/// </summary>
/// <remarks>
/// A block begins with two lengths of four bytes: of its numbers, seven bits a byte, the lowest first, and of what is new in it, which follow. The numbers say by turns how many
/// bytes are new, how many behind them come from the others, and where these begin: how far behind the end of the last ones, doubled, or before it, doubled and one more.
/// </remarks>
/// <param name="destination">Where to; it is left open.</param>
/// <param name="others">Gives the others, when the first block is full.</param>
internal sealed class RepeatingStream(Stream destination, Func<ReadOnlyMemory<byte>> others) : WriteOnlyStream
{
    private const int BlockBytes = 1 << 19;

    // What is so long is looked for, where it begins at each sixteenth byte of the others: whatever is of twice that length is found.
    private const int Gram = 16;
    private const int Least = 32;
    private const int TableBits = 19;

    private readonly MemoryStream numbers = new();
    private readonly MemoryStream news = new();
    private byte[] block = new byte[BlockBytes];
    private byte[] compared = new byte[BlockBytes];
    private int length;
    private Task writing = Task.CompletedTask;
    private ReadOnlyMemory<byte> source;

    // Where a gram begins, and one more.
    private int[]? places;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var taken = buffer[..Math.Min(buffer.Length, block.Length - length)];
            taken.CopyTo(block.AsSpan(length));
            length += taken.Length;
            buffer = buffer[taken.Length..];
            if (length == block.Length)
            {
                Next();
            }
        }
    }

    public override void Flush()
    {
        // A block is written when it is full.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (length > 0)
            {
                Next();
            }

            writing.GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private void Next()
    {
        writing.GetAwaiter().GetResult();
        var filled = length;
        (block, compared, length) = (compared, block, 0);
        writing = Task.Run(() => Write(filled));
    }

    private void Write(int filled)
    {
        places ??= Places();
        numbers.SetLength(0);
        news.SetLength(0);
        Compare(compared.AsSpan(0, filled), source.Span);
        var isNew = (int)news.Length;
        Span<byte> head = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, (int)numbers.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(int)..], isNew);
        destination.Write(head);
        destination.Write(numbers.GetBuffer().AsSpan(0, (int)numbers.Length));
        destination.Write(news.GetBuffer().AsSpan(0, isNew));
    }

    // Compiled well at once: these two loops go over each byte, and nothing of their reading is inlined ahead of time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int[] Places()
    {
        source = others();
        var found = new int[1 << TableBits];
        var bytes = source.Span;
        for (var at = 0; at + Gram <= bytes.Length; at += Gram)
        {
            found[Hash(bytes[at..])] = at + 1;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compare(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other)
    {
        var (written, end) = (0, 0);
        for (var at = 0; at + Gram <= text.Length;)
        {
            var place = places![Hash(text[at..])] - 1;
            if (place < 0 || !other.Slice(place, Gram).SequenceEqual(text.Slice(at, Gram)))
            {
                at++;
                continue;
            }

            var back = 0;
            while (at - back > written && place - back > 0 && other[place - back - 1] == text[at - back - 1])
            {
                back++;
            }

            var same = back + Gram + text[(at + Gram)..].CommonPrefixLength(other[(place + Gram)..]);
            if (same < Least)
            {
                at++;
                continue;
            }

            var from = place - back;
            Number(at - back - written);
            Number(same);
            Number(from >= end ? (from - end) << 1 : ((end - from) << 1) | 1);
            news.Write(text[written..(at - back)]);
            at = written = at - back + same;
            end = from + same;
        }

        news.Write(text[written..]);
    }

    private void Number(int value)
    {
        var left = (uint)value;
        for (; left > 0x7F; left >>= 7)
        {
            numbers.WriteByte((byte)(left | 0x80));
        }

        numbers.WriteByte((byte)left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ReadOnlySpan<byte> gram)
    {
        var (first, second) = (BinaryPrimitives.ReadUInt64LittleEndian(gram), BinaryPrimitives.ReadUInt64LittleEndian(gram[sizeof(ulong)..]));
        return (int)(((first * 0x9E3779B97F4A7C15) ^ (second * 0xC2B2AE3D27D4EB4F)) >> (64 - TableBits));
    }
}
