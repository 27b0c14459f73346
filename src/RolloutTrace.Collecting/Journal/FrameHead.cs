using System.Buffers.Binary;
using System.Numerics;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Journal;

/// <summary>What stands before the body of a frame.</summary>
/// <param name="Kind">What the frame holds.</param>
/// <param name="Number">The event's seq, or the payload's number.</param>
/// <param name="Length">Length of the body in bytes.</param>
/// <param name="Chunk">Which chunk it is; 0 if it is none.</param>
/// <param name="Facts">What the chunk says about the file; null if it is none.</param>
internal readonly record struct FrameHead(FrameKind Kind, long Number, int Length, int Chunk = 0, PayloadFacts? Facts = null)
{
    public const int Bytes = 80;

    private const int ChecksumAt = 4;
    private const int CheckedFrom = 8;
    private const int HashAt = 48;
    private static readonly string[] Encodings = [PayloadEncoding.Utf8, PayloadEncoding.Base64, PayloadEncoding.Gzip];

    /// <summary>Writes it before its body, with a checksum over both.</summary>
    public void Write(Span<byte> head, ReadOnlySpan<byte> body)
    {
        head[..Bytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(head, Length);
        head[8] = (byte)Kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], Number);
        if (Facts is not null)
        {
            head[9] = (byte)Array.IndexOf(Encodings, Facts.Encoding);
            BinaryPrimitives.WriteInt32LittleEndian(head[24..], Chunk);
            BinaryPrimitives.WriteInt32LittleEndian(head[28..], Facts.Chunks);
            BinaryPrimitives.WriteInt64LittleEndian(head[32..], Facts.Bytes);
            Convert.FromHexString(Facts.Sha256, head[HashAt..Bytes], out _, out _);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(head[ChecksumAt..], Checksum(head, body));
    }

    /// <summary>Reads it; null if there is none.</summary>
    public static FrameHead? Read(ReadOnlySpan<byte> head)
    {
        var (length, kind) = (BinaryPrimitives.ReadInt32LittleEndian(head), (FrameKind)head[8]);
        if (length < 0 || kind is < FrameKind.Manifest or > FrameKind.Seeded || head[9] >= Encodings.Length)
        {
            return null;
        }

        var facts = kind != FrameKind.Chunk ? null : new PayloadFacts
        {
            Encoding = Encodings[head[9]],
            Chunks = BinaryPrimitives.ReadInt32LittleEndian(head[28..]),
            Bytes = BinaryPrimitives.ReadInt64LittleEndian(head[32..]),
            Sha256 = Convert.ToHexStringLower(head[HashAt..Bytes]),
        };
        return new FrameHead(kind, BinaryPrimitives.ReadInt64LittleEndian(head[16..]), length, BinaryPrimitives.ReadInt32LittleEndian(head[24..]), facts);
    }

    /// <summary>Whether head and body are as they were written.</summary>
    public static bool IsSound(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt32LittleEndian(head[ChecksumAt..]) == Checksum(head, body);

    private static uint Checksum(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) => Continue(Continue((uint)body.Length, head[CheckedFrom..Bytes]), body);

    private static uint Continue(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return sum;
    }
}
