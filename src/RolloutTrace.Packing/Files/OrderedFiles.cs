using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// The files of a packed rollout whose members stand in the order of the format. What is asked for in the order in which it was recorded is read in one
/// pass; what lies behind is read again from the beginning, and who goes on asking for that gets it from a file without a name. Safe for concurrent use.
/// </summary>
internal sealed class OrderedFiles : BundleFiles, IDisposable
{
    // A small rollout is unpacked in a moment, as often as this goes.
    private const long AlwaysAgain = 64L << 20;

    private readonly string path;
    private readonly bool isGrowing;
    private readonly Lock gate = new();
    private readonly Dictionary<string, PackedPlace> places = new(StringComparer.Ordinal);
    private readonly PassedPayloads passed = new();
    private PackedReader? reader;
    private UnpackedFile? unpacked;
    private MemberRank furthest;
    private long furthestOffset;
    private long decoded;
    private long seenLength;
    private bool isComplete;
    private BundleException? damage;
    private string name = "";

    private OrderedFiles(string path, bool isGrowing)
    {
        this.path = path;
        this.isGrowing = isGrowing;
        reader = NewReader();
    }

    /// <summary>The name of the bundle's directory as it was packed.</summary>
    public override string Name => name;

    /// <inheritdoc/>
    public override string DisplayName => path;

    /// <summary>Opens one.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="isGrowing">Whether it is still written to, or its writer was stopped: where it ends is no damage then.</param>
    /// <returns>Null if another program made the tar file in it.</returns>
    /// <exception cref="BundleException">There is no such file, or it is none.</exception>
    public static OrderedFiles? TryOpen(string path, bool isGrowing)
    {
        var opened = new OrderedFiles(path, isGrowing);
        try
        {
            return opened.TryBegin() ? opened : null;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool Exists(string name)
    {
        lock (gate)
        {
            return Find(Normal(name)) is not null;
        }
    }

    /// <inheritdoc/>
    public override long GetLength(string name)
    {
        lock (gate)
        {
            return Get(name).Length;
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<BundleFile> List(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        lock (gate)
        {
            GoToEnd();
            var prefix = directory.Length == 0 ? "" : Normal(directory) + "/";
            return [.. places.Where(place => place.Key.StartsWith(prefix, StringComparison.Ordinal) && place.Key.IndexOf('/', prefix.Length) < 0).Select(static place => new BundleFile(place.Key, place.Value.Length))];
        }
    }

    /// <summary>Opens a file for reading from its beginning on, in a pass of its own. The caller disposes the stream.</summary>
    /// <exception cref="BundleException">There is no such file, or it cannot be opened.</exception>
    public override Stream OpenRead(string name)
    {
        lock (gate)
        {
            var place = Get(name);
            if (unpacked is not null)
            {
                return unpacked.Open(place);
            }

            if (TryReadLog(name, place) is { } log)
            {
                return log;
            }
        }

        var own = new PackedReader(path, isGrowing);
        try
        {
            var rank = MemberRank.Of(Normal(name));
            while (own.MoveNext() && own.Rank < rank)
            {
            }

            return own.Rank == rank ? new MemberStream(own, isCutQuietly: rank.Group == MemberGroup.Log) : throw NoSuch(name);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Nobody writes there: what was running when it was packed cannot be told from what died.</summary>
    public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Unknown;

    /// <inheritdoc/>
    public override PayloadBytes Read(string name, int maxBytes)
    {
        lock (gate)
        {
            var place = Get(name);
            if (place.Length > maxBytes)
            {
                throw new BundleException($"{DisplayNameOf(name)}: {place.Length} bytes are more than the limit of {maxBytes}");
            }

            return ReadUpTo(Normal(name), place, (int)place.Length);
        }
    }

    /// <inheritdoc/>
    public override PayloadBytes? ReadHead(string name, int count)
    {
        lock (gate)
        {
            if (Find(Normal(name)) is not { } place)
            {
                return null;
            }

            var isKept = place.Length <= PassedPayloads.MaxBytes && unpacked is null;
            var read = ReadUpTo(Normal(name), place, isKept ? (int)place.Length : (int)Math.Min(place.Length, count));
            var head = PayloadBytes.CopyOf(read.Span[..Math.Min(read.Length, count)]);

            // Whoever wants more of it asks next.
            if (isKept)
            {
                passed.Put(Normal(name), read);
            }
            else
            {
                read.Dispose();
            }

            return head;
        }
    }

    /// <summary>What stands behind the rollout for those who list many; null if there is nothing, or it was not made for what is before it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? ReadSummary()
    {
        lock (gate)
        {
            return reader is not null ? reader.ReadSummary() : PackedSummary.Read(path);
        }
    }

    /// <summary>What is wrong with the file; null if nothing. What was not read of it yet is read to its end.</summary>
    public override string? FindDamage()
    {
        lock (gate)
        {
            GoToEnd();
            return damage?.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            reader?.Dispose();
            unpacked?.Dispose();
        }
    }

    private bool TryBegin()
    {
        var first = reader!;
        if (!Advance() && (!isGrowing || damage is not null))
        {
            return first.IsOther ? false : throw damage ?? new BundleException($"{path}: is no packed rollout: there is nothing in it");
        }

        name = reader?.Root ?? "";
        return true;
    }

    private PayloadBytes ReadUpTo(string name, PackedPlace place, int count)
    {
        if (passed.Take(name) is { } held)
        {
            return held;
        }

        if (unpacked is not null)
        {
            return unpacked.Read(place, count);
        }

        var rank = MemberRank.Of(name);
        if (reader is null || reader.Rank > rank || (reader.Rank == rank && !reader.IsUntouched))
        {
            GoBack(place);
            if (unpacked is not null)
            {
                // It lies elsewhere there than in the tar file.
                return places.TryGetValue(name, out var moved) ? unpacked.Read(moved, count) : throw damage ?? NoSuch(name);
            }
        }

        while (reader!.Rank < rank && Advance())
        {
        }

        return reader is not null && reader.Rank == rank ? ReadMember(count) : throw damage ?? NoSuch(name);
    }

    // A short log is read where the pass stands, which goes on to the payloads. Of one that is damaged a pass of its own gives what is before that.
    private MemoryStream? TryReadLog(string name, PackedPlace place)
    {
        if (isGrowing || place.Length > PassedPayloads.MaxBytes || reader is not { IsUntouched: true, Rank.Group: MemberGroup.Log } || Normal(name) != reader.Name)
        {
            return null;
        }

        try
        {
            using var read = ReadMember((int)place.Length);
            return new MemoryStream(read.Span.ToArray(), writable: false);
        }
        catch (BundleException)
        {
            return null;
        }
    }

    private PayloadBytes ReadMember(int count)
    {
        try
        {
            return reader!.ReadMember(count);
        }
        catch (BundleException e)
        {
            Fail(e);
            throw;
        }
    }

    private void GoBack(PackedPlace place)
    {
        decoded += reader?.Offset ?? 0;
        reader?.Dispose();
        reader = null;
        if (decoded - furthestOffset + place.Offset > Math.Max(AlwaysAgain, furthestOffset))
        {
            Unpack();
            return;
        }

        reader = NewReader();
    }

    private PackedReader NewReader()
    {
        SeeLength();
        return new PackedReader(path, isGrowing);
    }

    // One that is gone, as when the recorder has packed it, is found to be when it is opened.
    private void SeeLength() => seenLength = isGrowing && new FileInfo(path) is { Exists: true } now ? now.Length : 0;

    // Of what grows there is more by now: it is looked through again.
    private bool HasMore()
    {
        if (!isGrowing || new FileInfo(path) is not { Exists: true } now || now.Length == seenLength)
        {
            return false;
        }

        unpacked?.Dispose();
        reader?.Dispose();
        (unpacked, reader, isComplete, furthest) = (null, null, false, default);
        return true;
    }

    private void Unpack()
    {
        SeeLength();
        unpacked = UnpackedFile.Of(path, isGrowing, out var found, out var problem);
        damage ??= problem;
        isComplete = true;

        // What is damaged in its middle has no place there.
        places.Clear();
        foreach (var (name, place) in found)
        {
            places[name] = place;
        }
    }

    private PackedPlace Get(string name) => Find(Normal(name)) ?? throw NoSuch(name);

    private PackedPlace? Find(string name)
    {
        var rank = MemberRank.Of(name);

        // What is asked for was there when it was asked for, so one more look is enough.
        for (var looks = 0; looks < 2; looks++)
        {
            if (looks > 0 && !HasMore())
            {
                break;
            }

            while (furthest < rank && !isComplete)
            {
                // The reader may have gone back; then it goes to where it was first.
                reader ??= NewReader();
                Advance();
            }

            if (places.TryGetValue(name, out var place))
            {
                return place;
            }
        }

        return null;
    }

    private void GoToEnd()
    {
        while (!isComplete)
        {
            reader ??= NewReader();
            Advance();
        }
    }

    private bool Advance()
    {
        try
        {
            if (reader!.Rank.Group == MemberGroup.Payload && reader.IsUntouched && reader.Length <= PassedPayloads.MaxBytes)
            {
                passed.Put(reader.Name, reader.ReadMember((int)reader.Length));
            }

            if (!reader.MoveNext())
            {
                isComplete = true;
                Leave();
                return false;
            }

            if (reader.Rank > furthest)
            {
                furthest = reader.Rank;
                if (reader.Name.Length > 0 && !reader.Name.EndsWith('/'))
                {
                    places[reader.Name] = new PackedPlace(reader.Offset, reader.Length);
                }
            }

            furthestOffset = Math.Max(furthestOffset, reader.Offset);
            return true;
        }
        catch (BundleException e)
        {
            Fail(e);
            return false;
        }
    }

    private void Fail(BundleException e)
    {
        if (reader!.IsCut)
        {
            places.Remove(reader.Name);
        }
        else
        {
            damage ??= e;
        }

        isComplete = true;
        Leave();
    }

    private void Leave()
    {
        furthestOffset = Math.Max(furthestOffset, reader!.Offset);
        decoded += reader.Offset;
        reader.Dispose();
        reader = null;
    }

    private string Normal(string name) => ArchiveName.Normal(name)
        ?? throw new BundleException($"{path}: the path '{(name.Length > 100 ? name[..100] + "..." : name)}' is not a plain path below the bundle");

    private BundleException NoSuch(string name) => new($"{DisplayNameOf(name)}: {(damage is null ? "there is no such file" : $"there is no such file before the damage ({damage.Message})")}");
}
