using System.Runtime.InteropServices;

namespace RolloutTrace.Import.Sessions;

/// <summary>Something that a log says, in memory or put aside.</summary>
internal readonly struct LogText
{
    // The bytes, or the spool that has them, and where they begin there. There are many of these.
    private readonly object? source;
    private readonly long offset;

    /// <summary>In memory.</summary>
    public LogText(ReadOnlyMemory<byte> bytes)
    {
        var isArray = MemoryMarshal.TryGetArray(bytes, out var segment);
        (source, offset, Length) = isArray && segment.Array is not null ? (segment.Array, segment.Offset, segment.Count) : (bytes.ToArray(), 0, bytes.Length);
    }

    /// <summary>Put aside.</summary>
    public LogText(LogSpool spool, long offset, int length) => (source, this.offset, Length) = (spool, offset, length);

    /// <summary>How many bytes it has.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    /// <exception cref="IOException">They were put aside, and the disk does not give them back.</exception>
    public ReadOnlyMemory<byte> Bytes => source switch
    {
        LogSpool spool => spool.Get(offset, Length),
        byte[] bytes => bytes.AsMemory((int)offset, Length),
        _ => default,
    };

    /// <summary>Whether both say the same.</summary>
    public bool SaysTheSame(LogText other) => Length == other.Length && Bytes.Span.SequenceEqual(other.Bytes.Span);
}
