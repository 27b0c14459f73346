namespace RolloutTrace.Import.Sessions;

/// <summary>Something that a log says, in memory or put aside.</summary>
internal readonly struct LogText
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly LogSpool? spool;
    private readonly long offset;

    /// <summary>In memory.</summary>
    public LogText(ReadOnlyMemory<byte> bytes) => (this.bytes, Length) = (bytes, bytes.Length);

    /// <summary>Put aside.</summary>
    public LogText(LogSpool spool, long offset, int length) => (this.spool, this.offset, Length) = (spool, offset, length);

    /// <summary>How many bytes it has.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    /// <exception cref="IOException">They were put aside, and the disk does not give them back.</exception>
    public ReadOnlyMemory<byte> Bytes => spool is null ? bytes : spool.Get(offset, Length);

    /// <summary>Whether both say the same.</summary>
    public bool SaysTheSame(LogText other) => Length == other.Length && Bytes.Span.SequenceEqual(other.Bytes.Span);
}
