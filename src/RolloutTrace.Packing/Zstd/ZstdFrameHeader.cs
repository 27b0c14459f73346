using System.Buffers.Binary;

namespace RolloutTrace.Packing;

/// <summary>What a zstd frame says of itself before its content.</summary>
/// <param name="WindowBytes">How far back its content refers; whoever reads it has to hold that much.</param>
/// <param name="ContentBytes">Length of its content; null if it does not say.</param>
internal readonly record struct ZstdFrameHeader(ulong WindowBytes, ulong? ContentBytes)
{
    /// <summary>The longest header.</summary>
    public const int MaxBytes = 18;

    /// <summary>How every frame with content begins.</summary>
    public const uint Magic = 0xFD2FB528;

    private const uint SkippableMagic = 0x184D2A50;

    /// <summary>Whether bytes are the beginning of a frame with content.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> head) => head.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic;

    /// <summary>Whether bytes are the beginning of a frame that readers pass over.</summary>
    public static bool IsSkippable(ReadOnlySpan<byte> head) => head.Length >= 8 && (BinaryPrimitives.ReadUInt32LittleEndian(head) & 0xFFFFFFF0) == SkippableMagic;

    /// <summary>How long a frame is that readers pass over (<see cref="IsSkippable"/>), as it says.</summary>
    public static long SkippableBytes(ReadOnlySpan<byte> head) => 8L + BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);

    /// <summary>Whether a frame's beginning is there as a whole, so that it can be read.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> head) => head.Length >= 6 && head.Length >= LengthOf(head);

    /// <summary>How long a frame's header is that <see cref="IsWhole"/>.</summary>
    public static int LengthOf(ReadOnlySpan<byte> head) => ((head[4] & 0x20) != 0 ? 5 : 6) + ContentFieldBytes(head[4]);

    /// <summary>Whether a checksum stands behind the frame's blocks.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> head) => (head[4] & 0b100) != 0;

    /// <summary>Reads it.</summary>
    /// <param name="head">The frame's first bytes.</param>
    /// <exception cref="InvalidDataException">It is none, or one that is not read here.</exception>
    public static ZstdFrameHeader Read(ReadOnlySpan<byte> head)
    {
        if (!IsFrame(head))
        {
            throw new InvalidDataException("it does not begin as zstd does");
        }

        if (head.Length < 6)
        {
            throw new InvalidDataException("it is cut off before it begins");
        }

        var flags = head[4];
        if ((flags & 0b1011) != 0)
        {
            throw new InvalidDataException("it needs a dictionary, or a later version of zstd");
        }

        var isSingle = (flags & 0x20) != 0;
        var rest = head[(isSingle ? 5 : 6)..];
        var content = ContentOf(rest, flags >> 6, isSingle);
        return new ZstdFrameHeader(isSingle ? content!.Value : WindowOf(head[5]), content);
    }

    private static int ContentFieldBytes(byte flags) => ContentFieldBytes(flags >> 6, isSingle: (flags & 0x20) != 0);

    private static int ContentFieldBytes(int size, bool isSingle) => size == 0 ? (isSingle ? 1 : 0) : 1 << size;

    private static ulong WindowOf(byte descriptor)
    {
        var window = 1UL << (10 + (descriptor >> 3));
        return window + ((window >> 3) * (ulong)(descriptor & 7));
    }

    private static ulong? ContentOf(ReadOnlySpan<byte> field, int size, bool isSingle)
    {
        var length = ContentFieldBytes(size, isSingle);
        return field.Length < length ? throw new InvalidDataException("it is cut off before it begins") : length switch
        {
            0 => null,
            1 => field[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(field) + 256UL,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(field),
        };
    }
}
