using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>
/// A file of a bundle that grows: the event log, to which whole lines are appended, or another. After a failure it is cut back to what was
/// whole. Its handle can be closed between appends and is opened again when needed. What others do to the file is found out before each append.
/// </summary>
internal sealed class EventLog : IDisposable
{
    private const int TailBytes = 32;

    private readonly string path;
    private readonly FileStatus identity;
    private readonly bool hasLines;

    // The last bytes that were written, by which the log is known again when somebody has made it longer.
    private readonly byte[] tail = new byte[TailBytes];
    private SafeFileHandle? handle;
    private long length;

    /// <param name="path">The file, which must not exist.</param>
    /// <param name="hasLines">Whether what is appended are lines, of which some can be kept where there is no room for all.</param>
    public EventLog(string path, bool hasLines = true)
    {
        this.path = path;
        this.hasLines = hasLines;
        PrivateFile.Create(path, fixMode: true).Dispose();
        identity = FileStatus.Of(path) ?? throw new FileNotFoundException($"{path}: is missing");
        handle = LogFile.OpenAtEnd(path);
    }

    public bool IsOpen => handle is not null;

    /// <summary>How many bytes were appended.</summary>
    public long Length => length;

    /// <summary>Appends whole lines with one write.</summary>
    /// <returns>How many bytes of <paramref name="lines"/> are in the log, and why the rest is not, if it is not.</returns>
    public (int Kept, Exception? Failure) Append(ReadOnlySpan<byte> lines)
    {
        try
        {
            handle ??= LogFile.OpenAtEnd(path);
            PrivateFile.Write(handle, lines, length);
            Remember(lines);
            return (lines.Length, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var kept = KeepWholeLines(lines);
            Remember(lines[..kept]);
            return (kept, e);
        }
    }

    /// <summary>What was done to the log; null if nothing, or if it could be put right.</summary>
    /// <param name="mayBeElsewhere">Whether the file at the path may be another one than the open one.</param>
    /// <param name="wasCut">Whether somebody had appended something, which was cut off.</param>
    /// <exception cref="IOException">It cannot be looked at, or not be put right.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be looked at, or not be put right.</exception>
    public BundleChange? FindChange(bool mayBeElsewhere, out bool wasCut)
    {
        wasCut = false;
        var found = handle is not null && !mayBeElsewhere ? FileStatus.Of(handle) ?? FileStatus.Of(path) : FileStatus.Of(path);
        if (found is not { } now)
        {
            return BundleChange.LogRemoved;
        }

        if (!now.IsSame(identity))
        {
            return BundleChange.LogReplaced;
        }

        if (now.Length < length)
        {
            return BundleChange.LogTruncated;
        }

        if (now.Length == length)
        {
            return null;
        }

        if (!EndsWithTail())
        {
            return BundleChange.LogRewritten;
        }

        handle ??= LogFile.OpenAtEnd(path);
        RandomAccess.SetLength(handle, length);
        wasCut = true;
        return null;
    }

    /// <summary>
    /// Saves what can be saved after somebody changed the log. If it is still ours it is cut to the events before the first hole.
    /// Then the events are counted that are left, in it or in what stands in its place. A log that was moved and is whole counts.
    /// </summary>
    /// <param name="written">How many events were in the log.</param>
    /// <param name="isPathSound">Whether the path may be followed, so that what stands there can be counted.</param>
    public long CountLeft(long written, bool isPathSound)
    {
        try
        {
            var open = handle is null ? null : FileStatus.Of(handle);
            var atPath = isPathSound ? FileStatus.Of(path) : null;
            if (atPath is { } found && found.IsSame(identity))
            {
                if (found.Length == length)
                {
                    return written;
                }

                var (events, end) = LogSurvey.Prefix(path, written);
                if (end < found.Length)
                {
                    handle ??= LogFile.OpenAtEnd(path);
                    RandomAccess.SetLength(handle, end);
                }

                return events;
            }

            // What was moved is on disk still.
            if (open is { Links: > 0 } moved && moved.Length >= length)
            {
                return written;
            }

            return atPath is { Kind: FileKind.Regular } ? LogSurvey.Events(path, written, maxBytes: (4 * length) + (1 << 20)) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException)
        {
            // It cannot be looked into, so nobody can read it.
            return 0;
        }
    }

    public void Close()
    {
        handle?.Dispose();
        handle = null;
    }

    public void Dispose() => Close();

    private void Remember(ReadOnlySpan<byte> written)
    {
        length += written.Length;
        var kept = Math.Max(TailBytes - written.Length, 0);
        tail.AsSpan(TailBytes - kept).CopyTo(tail);
        written[^(TailBytes - kept)..].CopyTo(tail.AsSpan(kept));
    }

    private bool EndsWithTail()
    {
        if (length == 0)
        {
            return true;
        }

        using var reading = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var count = (int)Math.Min(length, TailBytes);
        Span<byte> found = stackalloc byte[TailBytes];
        found = found[..count];
        return RandomAccess.Read(reading, found, length - count) == count && found.SequenceEqual(tail.AsSpan(TailBytes - count));
    }

    // A full disk takes the beginning of a write. Lines that got there whole may stay; a torn one must go.
    private int KeepWholeLines(ReadOnlySpan<byte> lines)
    {
        if (handle is null)
        {
            return 0;
        }

        try
        {
            var arrived = (int)Math.Clamp(RandomAccess.GetLength(handle) - length, 0, lines.Length);
            var kept = hasLines ? lines[..arrived].LastIndexOf((byte)'\n') + 1 : 0;
            RandomAccess.SetLength(handle, length + kept);
            return kept;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log stays as it is, at worst with a torn last line, which readers expect of a log. What was said to
            // be there before is there.
            return 0;
        }
    }
}
