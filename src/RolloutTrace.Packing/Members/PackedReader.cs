using System.Buffers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// Goes through the members of a packed rollout, once and in their order, in bounded memory. It may come from a stranger: what does not
/// follow the format is a <see cref="BundleException"/> that names the member. Not safe for concurrent use.
/// </summary>
internal sealed class PackedReader : IDisposable
{
    private const int MaxExtension = 1 << 16;
    private const int MaxNameLength = 4096;
    private const int MaxTrailer = 1 << 20;
    private const int PassedBytes = 1 << 15;
    private const int FirstBuffer = 1 << 20;

    // Few steps to what is long: each leaves a buffer behind.
    private const int Growth = 16;

    private readonly string path;
    private readonly bool isGrowing;
    private readonly ZstdFrame frame;
    private readonly byte[] block = new byte[TarEntry.BlockBytes];
    private byte[] passed = [];
    private int members;
    private long nameBytes;
    private long left;
    private int padding;

    /// <param name="path">The file's full path.</param>
    /// <param name="isGrowing">Whether it is still written to, or whoever wrote it was stopped: what ends anywhere is no damage then.</param>
    /// <exception cref="BundleException">It cannot be opened, or is no packed rollout.</exception>
    public PackedReader(string path, bool isGrowing = false)
    {
        this.path = path;
        this.isGrowing = isGrowing;
        try
        {
            frame = new ZstdFrame(PlainFile.Open(path, FileOptions.SequentialScan) ?? throw new InvalidDataException("it is empty"), isGrowing);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw new BundleException($"{path}: {FileTrouble.Of(e, "is no packed rollout that can be read")}", e);
        }
    }

    /// <summary>The name of the bundle's directory in the file; empty before the first move.</summary>
    public string Root { get; private set; } = "";

    /// <summary>Name of the member below the bundle; a directory's ends with a slash, and the bundle's own is empty.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Rank of the member.</summary>
    public MemberRank Rank { get; private set; }

    /// <summary>Length of the member's content in bytes, as its header says.</summary>
    public long Length { get; private set; }

    /// <summary>Whether nothing of the member's content was read.</summary>
    public bool IsUntouched => left == Length;

    /// <summary>How much of the tar file was read.</summary>
    public long Offset => frame.Given;

    /// <summary>Whether all was read that is there yet, of a file that may grow.</summary>
    public bool IsCut => isGrowing && frame.IsAtEnd;

    /// <summary>Whether it begins as a tar file of another program, in no order that is known.</summary>
    public bool IsOther { get; private set; }

    /// <summary>What stands behind the tar file for those who list; empty if there is nothing. Set at the end.</summary>
    public byte[] Trailer { get; private set; } = [];

    /// <summary>Goes to the next member; false at the end, when all of the file was found to be sound.</summary>
    /// <exception cref="BundleException">What follows is damaged, or not in the format.</exception>
    public bool MoveNext()
    {
        try
        {
            Skip(left + padding);
            (left, padding) = (0, 0);
            if (!TryReadEntry(out var entry))
            {
                Conclude();
                return false;
            }

            Take(entry);
            return true;
        }
        catch (InvalidDataException) when (IsCut)
        {
            (left, padding) = (0, 0);
            return false;
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw Trouble(e, "");
        }
    }

    /// <summary>Reads on in the member's content; 0 at its end.</summary>
    /// <exception cref="BundleException">It is damaged or cut off.</exception>
    public int Read(Span<byte> buffer)
    {
        if (left == 0)
        {
            return 0;
        }

        try
        {
            var read = frame.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
            left -= read;
            return read > 0 || buffer.Length == 0 ? read : throw new InvalidDataException("it ends in the middle of a member");
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw Trouble(e, "in ");
        }
    }

    /// <summary>The beginning of the member's content, of which nothing was read. The buffer grows with what is there, not with what the header says.</summary>
    /// <param name="count">How many bytes; fewer if there are no more.</param>
    /// <exception cref="BundleException">It is damaged or cut off.</exception>
    public PayloadBytes ReadMember(int count)
    {
        count = (int)Math.Min(count, left);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Clamp(count, 1, FirstBuffer));
        try
        {
            var length = 0;
            while (length < count)
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min((long)Growth * buffer.Length, count));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                length += Read(buffer.AsSpan(length, Math.Min(buffer.Length, count) - length));
            }

            return new PayloadBytes(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>What stands behind the tar file for those who list, found from the file's end; null if it is nothing that was made for what is before it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? ReadSummary() => PackedSummary.Read(frame.File);

    public void Dispose() => frame.Dispose();

    private static bool IsTrouble(Exception e) => e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException;

    private bool TryReadEntry(out TarEntry entry)
    {
        ReadBlock(block);
        if (members == 0 && !isGrowing && TarHeader.IsOther(block))
        {
            IsOther = true;
            throw new InvalidDataException("another program made this tar file, and 'tar --zstd -xf' unpacks it");
        }

        if (!TarHeader.TryRead(block, out var type, out entry))
        {
            return false;
        }

        string? name = null;
        if (type == 'x')
        {
            if (entry.Length > MaxExtension)
            {
                throw new InvalidDataException($"the name of a member has {entry.Length} bytes");
            }

            var records = new byte[entry.Length + TarEntry.Padding(entry.Length)];
            ReadBlock(records);
            name = TarHeader.PathOf(records.AsSpan(0, (int)entry.Length));
            ReadBlock(block);
            if (!TarHeader.TryRead(block, out type, out entry))
            {
                throw new InvalidDataException("it ends behind the name of a member");
            }
        }

        entry = name is null ? entry : entry with { Name = name };
        if (type is not ('0' or '5'))
        {
            throw new InvalidDataException($"the member '{Shown(entry.Name)}' is a link or a device, not a file");
        }

        if (entry.IsDirectory != (type == '5') || (entry.IsDirectory && entry.Length > 0))
        {
            throw new InvalidDataException($"the member '{Shown(entry.Name)}' is a directory with content, or a file with a directory's name");
        }

        return true;
    }

    private void Take(TarEntry entry)
    {
        if (++members > PackedFormat.MaxMembers)
        {
            throw new InvalidDataException($"it has more than {PackedFormat.MaxMembers} members");
        }

        if ((nameBytes += entry.Name.Length) > BundleArchive.MaxNames)
        {
            throw new InvalidDataException($"the names of its members have more than {BundleArchive.MaxNames} letters");
        }

        var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
        if (!IsPlain(entry.Name) || slash < 0)
        {
            throw new InvalidDataException($"the member '{Shown(entry.Name)}' lies outside of the bundle's directory");
        }

        if (members == 1)
        {
            Root = entry.Name[..slash];
        }
        else if (!entry.Name.AsSpan(0, slash).SequenceEqual(Root))
        {
            throw new InvalidDataException($"the member '{Shown(entry.Name)}' lies outside of the bundle's directory, {Root}");
        }

        var name = entry.Name[(slash + 1)..];
        var rank = MemberRank.Of(name);
        if (rank <= Rank)
        {
            throw new InvalidDataException(rank == Rank ? $"the member '{Shown(name)}' is there twice" : $"the member '{Shown(name)}' is not in its place");
        }

        (Name, Rank, Length, left, padding) = (name, rank, entry.Length, entry.Length, TarEntry.Padding(entry.Length));
    }

    // The file is sound only if the zeros that end it are all that is left.
    private void Conclude()
    {
        while (frame.Read(block) is > 0 and var read)
        {
            if (block.AsSpan(0, read).IndexOfAnyExcept((byte)0) >= 0)
            {
                throw new InvalidDataException("something else follows behind its last member");
            }
        }

        Trailer = isGrowing ? [] : frame.ReadTrailer(MaxTrailer);
    }

    private void ReadBlock(Span<byte> whole)
    {
        while (whole.Length > 0)
        {
            var read = frame.Read(whole);
            whole = read > 0 ? whole[read..] : throw new InvalidDataException("it ends before its last member");
        }
    }

    private void Skip(long count)
    {
        // What fills up a block has room in one.
        var room = count <= block.Length ? block : passed.Length > 0 ? passed : passed = new byte[PassedBytes];
        while (count > 0)
        {
            var read = frame.Read(room.AsSpan(0, (int)Math.Min(room.Length, count)));
            count -= read > 0 ? read : throw new InvalidDataException("it ends in the middle of a member");
        }
    }

    private static bool IsPlain(string name)
    {
        if (name.Length > MaxNameLength || name.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        // A directory's name ends with a slash, and so with an empty segment.
        var at = 0;
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment is "." or ".." || (segment.Length == 0 && (at == 0 || at < name.Length)))
            {
                return false;
            }

            at = range.End.Value + 1;
        }

        return true;
    }

    private static string Shown(string name) => name.Length <= 200 ? name : name[..200] + "...";

    private BundleException Trouble(Exception e, string where)
    {
        var place = Rank.Group == MemberGroup.None ? "before its first member" : where.Length > 0 ? $"in '{Shown(Name)}'" : $"behind '{Shown(Name)}'";
        return new BundleException($"{path}: {FileTrouble.Of(e, $"cannot be read {place}")}", e);
    }
}
