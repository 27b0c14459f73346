using System.Buffers.Binary;
using System.IO.Hashing;

namespace RolloutTrace.Packing;

/// <summary>
/// Writes one zstd frame of payloads that mostly begin with what stands in it already. That is not looked for, since whoever writes says where it stands: it takes
/// a block of a dozen bytes for each 128 KB, and of the processor what the checksum takes. What is new is compressed with what was new before in view. No window is
/// kept, only the new text. Not safe for concurrent use.
/// </summary>
internal sealed class HistoryFrame : PayloadFrame
{
    /// <summary>The memory that one takes at most, in bytes: its text, where its parts stand, and what compresses them.</summary>
    public const long MostMemory = 2 << 20;

    // Less is found again among what was new.
    private const int LeastRepeated = 1 << 11;

    private const int LowestWindowLog = 10;
    private const byte WithChecksum = 0b100;
    private const byte LastBlock = 1;

    private readonly Stream output;
    private readonly long window;
    private readonly XxHash64 checksum = new();
    private readonly NewText text;
    private readonly TextBlocks blocks = new();

    /// <param name="output">Where to; it stays the caller's.</param>
    /// <param name="windowLog">How far back it refers, as a power of two.</param>
    public HistoryFrame(Stream output, int windowLog)
    {
        this.output = output;
        window = 1L << windowLog;
        text = new NewText(window);
        Span<byte> header = stackalloc byte[6];
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZstdFrameHeader.Magic);
        header[4] = WithChecksum;
        header[5] = (byte)((windowLog - LowestWindowLog) << 3);
        output.Write(header);
    }

    public override void Write(ReadOnlySpan<byte> content)
    {
        checksum.Append(content);
        Position += content.Length;
        while (content.Length > 0)
        {
            var room = NewText.MostAtOnce - text.Pending.Length;
            var next = content[..Math.Min(room, content.Length)];
            text.Add(next);
            content = content[next.Length..];
            if (next.Length == room)
            {
                Flush();
            }
        }
    }

    public override void WriteAgain(ReadOnlySpan<byte> content, long position)
    {
        var distance = Position - position;
        if (content.Length < LeastRepeated || distance > window || distance < content.Length)
        {
            Write(content);
            return;
        }

        Flush();
        text.Repeat(distance, content.Length);
        checksum.Append(content);
        Position += content.Length;
        Span<byte> block = stackalloc byte[RepeatBlock.MaxBytes];
        for (var left = content.Length; left > 0;)
        {
            // None may be left that is too short for a block.
            var length = Math.Min(left, RepeatBlock.MostRepeated);
            length -= left - length is > 0 and < RepeatBlock.LeastRepeated ? RepeatBlock.LeastRepeated : 0;
            output.Write(block[..RepeatBlock.Write(block, distance, length)]);
            left -= length;
        }
    }

    public override void Flush()
    {
        if (!text.Pending.IsEmpty)
        {
            blocks.Write(text, output);
        }
    }

    public override void End()
    {
        Flush();
        Span<byte> end = stackalloc byte[7];
        end.Clear();
        end[0] = LastBlock;
        BinaryPrimitives.WriteUInt32LittleEndian(end[3..], (uint)checksum.GetCurrentHashAsUInt64());
        output.Write(end);
    }

    public override void Dispose() => blocks.Dispose();
}
