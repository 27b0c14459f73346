using System.Buffers;
using Microsoft.Win32.SafeHandles;
using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Journal;

/// <summary>
/// The records of a bundle in the order in which they came, in one file that grows. What was flushed is there after a kill and a loss of power; what a
/// kill has torn is cut off when it is opened again. What was not is in memory, up to a limit, so that a request with hundreds of records is one call of the
/// system. Not safe for concurrent use.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    public const string FileName = "journal";

    // What is appended beyond it is written at once.
    private const int MostUnwritten = 1 << 18;

    private static readonly byte[] Mark = "RTjrnl1\n"u8.ToArray();

    private readonly string path;
    private readonly bool isDurable;
    private readonly byte[] head = new byte[FrameHead.Bytes];
    private SafeFileHandle? handle;
    private byte[] unwritten = [];
    private int unwrittenLength;
    private long written;
    private long safeEnd;
    private bool isNameSafe;

    public JournalFile(string directory, bool isDurable)
    {
        path = Path.Join(directory, FileName);
        this.isDurable = isDurable;
    }

    /// <summary>Length of all that was appended, in bytes.</summary>
    public long Length => written + unwrittenLength;

    /// <summary>Whether nothing of it is in memory alone.</summary>
    public bool IsWritten => unwrittenLength == 0;

    /// <summary>Its full path.</summary>
    public string FullName => path;

    /// <summary>When it was last written to.</summary>
    public DateTime WrittenAt => File.GetLastWriteTimeUtc(path);

    /// <summary>Opens the file, or creates it, and gives what is in it. What is torn, and what follows, is cut off when all of it was read.</summary>
    /// <param name="maxBodyBytes">What is longer is torn.</param>
    /// <exception cref="IOException">It cannot be opened or read, or is no journal.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public IEnumerable<(FrameHead Head, Extent Body, ReadOnlyMemory<byte> Bytes)> Load(int maxBodyBytes)
    {
        Forget();
        var file = Handle();
        var length = RandomAccess.GetLength(file);
        if (!HasMark(file, length))
        {
            RandomAccess.SetLength(file, 0);
            written = safeEnd = 0;
            Keep(Mark, default);
            yield break;
        }

        // As long as it is read all of it counts.
        written = length;
        var end = (long)Mark.Length;
        var frame = new byte[FrameHead.Bytes];
        var body = Array.Empty<byte>();
        using var reader = new JournalReader(this);
        while (end + FrameHead.Bytes <= length)
        {
            reader.Read(end, frame);
            var at = end + FrameHead.Bytes;
            if (FrameHead.Read(frame) is not { } found || found.Length > maxBodyBytes || at + found.Length > length)
            {
                break;
            }

            body = body.Length >= found.Length ? body : new byte[Math.Max(found.Length, 2 * body.Length)];
            reader.Read(at, body.AsSpan(0, found.Length));
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

        written = safeEnd = end;
    }

    /// <summary>The heads of the frames, without looking at what is behind them.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IEnumerable<(FrameHead Head, Extent Body)> Heads()
    {
        var frame = new byte[FrameHead.Bytes];
        using var reader = new JournalReader(this);
        for (long at = Mark.Length; at < Length;)
        {
            reader.Read(at, frame);
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
        frame.Write(head, body.Span);
        var extent = new Extent(Length + FrameHead.Bytes, body.Length);
        if (unwrittenLength + head.Length + body.Length > MostUnwritten)
        {
            Write([unwritten.AsMemory(0, unwrittenLength), head, body]);
        }
        else
        {
            Keep(head, body.Span);
        }

        return extent;
    }

    /// <summary>Hands what was appended to the system, and gives what is to be flushed to the device, without anything else being kept waiting by it.</summary>
    /// <returns>What <see cref="Flushed"/> or <see cref="TakeBack"/> is to be told of afterwards; null if nothing is new.</returns>
    /// <exception cref="IOException">It cannot be written; <see cref="TakeBack"/> is to be called.</exception>
    public (SafeFileHandle? File, long End)? StartFlush()
    {
        if (safeEnd == Length)
        {
            return null;
        }

        Write([unwritten.AsMemory(0, unwrittenLength)]);
        if (!isDurable)
        {
            return (null, written);
        }

        KeepName();
        return (Handle(), written);
    }

    /// <summary>The device keeps it up to there.</summary>
    public void Flushed(long end) => safeEnd = Math.Max(safeEnd, end);

    /// <summary>
    /// Takes back what was not flushed: whether a second attempt would tell the truth is not known, so what is in doubt must come again. The journal has to be
    /// loaded again.
    /// </summary>
    public void TakeBack()
    {
        Cut(safeEnd);
        Forget();
    }

    /// <summary>Has the device keep what was loaded, which an earlier process may not have flushed.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public void Sync()
    {
        if (isDurable)
        {
            DirectorySync.Content(Handle(), path);
            KeepName();
        }
    }

    /// <summary>Reads a part of it, all of which is there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty && offset < written)
        {
            var read = RandomAccess.Read(Handle(), bytes[..(int)Math.Min(bytes.Length, written - offset)], offset);
            bytes = read > 0 ? bytes[read..] : throw new EndOfStreamException($"{path}: was cut off by somebody");
            offset += read;
        }

        if (!bytes.IsEmpty)
        {
            unwritten.AsSpan((int)(offset - written), bytes.Length).CopyTo(bytes);
        }
    }

    public byte[] ReadBody(Extent extent)
    {
        var body = new byte[extent.Length];
        Read(extent.Offset, body);
        return body;
    }

    /// <summary>Closes the file until the next call. What was not flushed is kept, and need not be there after a kill.</summary>
    public void Dispose()
    {
        try
        {
            Write([unwritten.AsMemory(0, unwrittenLength)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it stays in memory, and whoever flushes hears of it.
        }

        handle?.Dispose();
        handle = null;
    }

    private void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var length = parts.Sum(static part => (long)part.Length);
        if (length == 0)
        {
            return;
        }

        try
        {
            RandomAccess.Write(Handle(), parts, written);
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            Cut(written);
            throw e as IOException ?? new IOException($"{path}: the file may not become larger", e);
        }

        written += length;
        Forget();
    }

    private void Keep(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var length = unwrittenLength + first.Length + second.Length;
        if (unwritten.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 2 * unwritten.Length));
            unwritten.AsSpan(0, unwrittenLength).CopyTo(larger);
            var before = unwrittenLength;
            Forget();
            (unwritten, unwrittenLength) = (larger, before);
        }

        first.CopyTo(unwritten.AsSpan(unwrittenLength));
        second.CopyTo(unwritten.AsSpan(unwrittenLength + first.Length));
        unwrittenLength = length;
    }

    private void Forget()
    {
        if (unwritten.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(unwritten);
        }

        (unwritten, unwrittenLength) = ([], 0);
    }

    private void Cut(long length)
    {
        try
        {
            RandomAccess.SetLength(Handle(), length);
            written = Math.Min(written, length);
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
