using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>The end of a file that grows: gathers what is written to it, and appends that with few writes. Not safe for concurrent use.</summary>
internal sealed class AppendedStream : Stream
{
    private const int SpillBytes = 1 << 18;

    private readonly EventLog file;
    private readonly EventBuffer gathered = new();

    /// <param name="path">The file, which must not exist.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public AppendedStream(string path)
    {
        Path = path;
        file = new EventLog(path, hasLines: false);
        file.Close();
    }

    public string Path { get; }

    /// <summary>How many bytes are in the file.</summary>
    public long Written => file.Length;

    /// <summary>Whether nothing is to be written to the file, however much is gathered.</summary>
    public bool IsHeld { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        buffer.CopyTo(gathered.GetSpan(buffer.Length));
        gathered.Advance(buffer.Length);
        if (gathered.Length >= SpillBytes && !IsHeld)
        {
            Spill();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Appends what is gathered to the file.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Spill()
    {
        if (gathered.Length == 0)
        {
            return;
        }

        var (_, failure) = file.Append(gathered.Written);
        gathered.Clear();
        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Looks whether the file is as it was left. What somebody has appended is cut off.</summary>
    /// <exception cref="BundleChangedException">Somebody has changed it.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be looked at.</exception>
    public void ThrowIfChanged()
    {
        if (file.FindChange(mayBeElsewhere: true, out _) is { } change)
        {
            throw new BundleChangedException(Path, change == BundleChange.LogRemoved ? BundleChange.PayloadsRemoved : BundleChange.PayloadsReplaced);
        }
    }

    public void CloseFile() => file.Close();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            gathered.Clear();
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
