using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>
/// The event log's file: whole lines are appended, and after a failure it is cut back to whole lines. Its handle can be
/// closed between appends and is opened again when needed.
/// </summary>
internal sealed class EventLog : IDisposable
{
    private readonly string path;
    private SafeFileHandle? handle;
    private long length;

    public EventLog(string path)
    {
        this.path = path;
        handle = PrivateFile.Create(path, fixMode: true);
    }

    public bool IsOpen => handle is not null;

    /// <summary>Appends whole lines with one write.</summary>
    /// <returns>How many bytes of <paramref name="lines"/> are in the log, and why the rest is not, if it is not.</returns>
    public (int Kept, Exception? Failure) Append(ReadOnlySpan<byte> lines)
    {
        try
        {
            handle = handle is not null && File.Exists(path) ? handle : Reopen();
            PrivateFile.Write(handle, lines, length);
            length += lines.Length;
            return (lines.Length, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var kept = KeepWholeLines(lines);
            length += kept;
            return (kept, e);
        }
    }

    public void Close()
    {
        handle?.Dispose();
        handle = null;
    }

    public void Dispose() => Close();

    // A deleted log would take writes through its old handle, and nobody would ever find them.
    private SafeFileHandle Reopen()
    {
        Close();
        return PrivateFile.OpenExisting(path);
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
            var kept = lines[..arrived].LastIndexOf((byte)'\n') + 1;
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
