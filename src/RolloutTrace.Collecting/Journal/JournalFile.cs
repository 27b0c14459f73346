using Microsoft.Win32.SafeHandles;
using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Journal;

/// <summary>
/// The records of a bundle in the order in which they came, in one file that grows. What was flushed is there after a kill and a loss of power; what a
/// kill has torn is cut off when it is opened again. Not safe for concurrent use.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    public const string FileName = "journal";

    private static readonly byte[] Mark = "RTjrnl1\n"u8.ToArray();

    private readonly string path;
    private readonly bool isDurable;
    private readonly byte[] head = new byte[FrameHead.Bytes];
    private SafeFileHandle? handle;
    private long end;
    private long safeEnd;
    private bool isNameSafe;

    public JournalFile(string directory, bool isDurable)
    {
        path = Path.Join(directory, FileName);
        this.isDurable = isDurable;
    }

    /// <summary>Whether there is something that was not flushed.</summary>
    public bool IsDirty => safeEnd < end;

    /// <summary>When it was last written to.</summary>
    public DateTime WrittenAt => File.GetLastWriteTimeUtc(path);

    /// <summary>Opens the file, or creates it, and gives what is in it. What is torn, and what follows, is cut off when all of it was read.</summary>
    /// <param name="maxBodyBytes">What is longer is torn.</param>
    /// <exception cref="IOException">It cannot be opened or read, or is no journal.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public IEnumerable<(FrameHead Head, Extent Body, ReadOnlyMemory<byte> Bytes)> Load(int maxBodyBytes)
    {
        var file = Handle();
        end = Mark.Length;
        var length = RandomAccess.GetLength(file);
        if (!HasMark(file, length))
        {
            RandomAccess.SetLength(file, 0);
            PrivateFile.Write(file, Mark, 0);
            safeEnd = 0;
            yield break;
        }

        var frame = new byte[FrameHead.Bytes];
        var body = Array.Empty<byte>();
        while (end + FrameHead.Bytes <= length && RandomAccess.Read(file, frame, end) == FrameHead.Bytes && FrameHead.Read(frame) is { } found)
        {
            var at = end + FrameHead.Bytes;
            if (found.Length > maxBodyBytes || at + found.Length > length)
            {
                break;
            }

            body = body.Length >= found.Length ? body : new byte[Math.Max(found.Length, 2 * body.Length)];
            ReadBody(new Extent(at, found.Length), body);
            if (!FrameHead.IsSound(frame, body.AsSpan(0, found.Length)))
            {
                break;
            }

            end = at + found.Length;
            yield return (found, new Extent(at, found.Length), body.AsMemory(0, found.Length));
        }

        if (end < length)
        {
            RandomAccess.SetLength(file, end);
        }

        safeEnd = end;
    }

    /// <summary>The heads of the frames, without looking at what is behind them.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IEnumerable<(FrameHead Head, Extent Body)> Heads()
    {
        var frame = new byte[FrameHead.Bytes];
        for (long at = Mark.Length; at < end;)
        {
            RandomAccess.Read(Handle(), frame, at);
            var found = FrameHead.Read(frame) ?? throw new IOException($"{path}: was changed by somebody");
            var body = new Extent(at + FrameHead.Bytes, found.Length);
            at = body.Offset + body.Length;
            yield return (found, body);
        }
    }

    /// <summary>Appends a frame. It is whole, or nothing of it is there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public Extent Append(in FrameHead frame, ReadOnlyMemory<byte> body)
    {
        var file = Handle();
        frame.Write(head, body.Span);
        try
        {
            RandomAccess.Write(file, [head, body], end);
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            Cut(file, end);
            throw e as IOException ?? new IOException($"{path}: the file may not become larger", e);
        }

        var extent = new Extent(end + FrameHead.Bytes, body.Length);
        end = extent.Offset + extent.Length;
        return extent;
    }

    /// <summary>Has the device keep what was appended.</summary>
    /// <exception cref="IOException">It does not. What was not flushed before is taken back, and the journal has to be loaded again.</exception>
    public void Flush()
    {
        if (!IsDirty)
        {
            return;
        }

        try
        {
            Sync();
            safeEnd = end;
        }
        catch
        {
            // Whether a second attempt would tell the truth is not known, so what is in doubt must come again.
            Cut(Handle(), safeEnd);
            throw;
        }
    }

    /// <summary>Has the device keep what was loaded, which an earlier process may not have flushed.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public void Sync()
    {
        if (isDurable)
        {
            RandomAccess.FlushToDisk(Handle());
            KeepName();
        }
    }

    /// <summary>Reads a body.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void ReadBody(Extent extent, Span<byte> body)
    {
        for (var read = 0; read < extent.Length;)
        {
            var more = RandomAccess.Read(Handle(), body[read..extent.Length], extent.Offset + read);
            read += more > 0 ? more : throw new EndOfStreamException($"{path}: was cut off by somebody");
        }
    }

    public byte[] ReadBody(Extent extent)
    {
        var body = new byte[extent.Length];
        ReadBody(extent, body);
        return body;
    }

    /// <summary>Closes the file until the next call.</summary>
    public void Dispose()
    {
        handle?.Dispose();
        handle = null;
    }

    private static void Cut(SafeFileHandle file, long length)
    {
        try
        {
            RandomAccess.SetLength(file, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is behind is written over, or found torn.
        }
    }

    private static bool HasMark(SafeFileHandle file, long length)
    {
        Span<byte> mark = stackalloc byte[Mark.Length];
        return length >= Mark.Length && RandomAccess.Read(file, mark, 0) == Mark.Length && mark.SequenceEqual(Mark);
    }

    private void KeepName()
    {
        if (!isNameSafe)
        {
            var directory = Path.GetDirectoryName(path)!;
            DirectorySync.Names(directory);
            DirectorySync.Names(Path.GetDirectoryName(directory)!);
            isNameSafe = true;
        }
    }

    private SafeFileHandle Handle()
    {
        if (handle is not null)
        {
            return handle;
        }

        if (!File.Exists(path))
        {
            PrivateFile.Create(path, fixMode: true).Dispose();
        }

        return handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
    }
}
