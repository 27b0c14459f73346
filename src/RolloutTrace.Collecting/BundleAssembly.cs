using System.Security.Cryptography;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting.Assembling;
using RolloutTrace.Collecting.Journal;
using RolloutTrace.Packing;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting;

/// <summary>
/// One bundle that is put together of its records, in whatever order and however often they come. They go into a journal on disk as they come; in
/// memory there is little, which does not grow as long as they come about in order. Not safe for concurrent use; two bundles have nothing in common.
/// </summary>
/// <remarks>
/// <para>Of what has come twice the first stays. Once a record was accepted and <see cref="Flush"/> has returned, it is there after a kill and after a loss
/// of power: <see cref="Open"/> with the same directory goes on from there.</para>
/// <para>What throws an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/> has changed nothing, but that after a
/// <see cref="Flush"/> that failed all that was accepted since the last one has to come again; it may be tried again later.</para>
/// </remarks>
public sealed class BundleAssembly : IDisposable
{
    private const string PackingName = "unfinished";

    // What weighs more is read again when it is wanted: ten thousand closed ones have to fit.
    private const int MostKeptWhenClosed = 64;

    private readonly AssemblyOptions options;
    private readonly JournalFile journal;
    private AssemblyState state = new();
    private JournalIndex? index;
    private bool isLoaded;

    private BundleAssembly(string directory, string bundle, AssemblyOptions options)
    {
        this.options = options;
        Directory = directory;
        Bundle = bundle;
        journal = new JournalFile(directory, options.IsDurable);
    }

    /// <summary>The bundle's name.</summary>
    public string Bundle { get; }

    /// <summary>The directory of its journal, a full path.</summary>
    public string Directory { get; }

    /// <summary>Whether all is there: the manifest, the end of the rollout, every event from the first to the last, and every payload that they name.</summary>
    public bool IsWhole => Loaded().IsWhole;

    /// <summary>What is missing of what must have been sent; null if nothing is.</summary>
    public BundleHole? Hole => Loaded().Hole;

    /// <summary>When the rollout started, in milliseconds since the Unix epoch; null if nothing says so yet.</summary>
    public long? StartedAtUnixMs => Loaded().StartedAtUnixMs;

    /// <summary>Id of the rollout; null if nothing says it yet.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? RolloutId => Index().Manifest is { } manifest
        ? BundleManifest.Parse(journal.ReadBody(manifest)).RolloutId
        : EventOf(Loaded().Start ?? Loaded().Lowest)?.RolloutId;

    /// <summary>Whether anything was accepted.</summary>
    public bool HasRecords => !Loaded().IsEmpty;

    /// <summary>Whether something was accepted that <see cref="Pack"/> and <see cref="Seed"/> have not seen; true for what an earlier process left.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether <see cref="Seed"/> has been done, by this process or an earlier one.</summary>
    public bool IsSeeded => Loaded().IsSeeded;

    /// <summary>When a record came last; the same after a restart, about.</summary>
    public DateTimeOffset LastRecordAt { get; private set; }

    /// <summary>Whether a directory holds the journal of a bundle.</summary>
    /// <param name="directory">The directory.</param>
    public static bool IsOne(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return File.Exists(Path.Join(directory, JournalFile.FileName));
    }

    /// <summary>Begins a bundle, or goes on with what is there of it.</summary>
    /// <param name="directory">A directory for this bundle alone; created where it is missing.</param>
    /// <param name="bundle">The bundle's name, a valid one.</param>
    /// <param name="options">How; null for <see cref="AssemblyOptions.Default"/>.</param>
    /// <exception cref="IOException">The journal cannot be created or read.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static BundleAssembly Open(string directory, string bundle, AssemblyOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!BundleName.IsValid(bundle))
        {
            throw new ArgumentException("is no name of a bundle", nameof(bundle));
        }

        options ??= AssemblyOptions.Default;
        FileSizeSignal.Handle();
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        PrivateFile.CreateDirectory(directory);
        var assembly = new BundleAssembly(directory, bundle, options);
        try
        {
            var isLeft = IsOne(directory);
            BestEffort.DeleteFile(Path.Join(directory, PackingName));
            assembly.LastRecordAt = isLeft ? new DateTimeOffset(assembly.journal.WrittenAt, TimeSpan.Zero) : options.Time.GetUtcNow();
            assembly.IsChanged = !assembly.Loaded().IsEmpty;
            if (isLeft)
            {
                assembly.journal.Sync();
            }

            return assembly;
        }
        catch
        {
            assembly.Dispose();
            throw;
        }
    }

    /// <summary>Takes a record of this bundle.</summary>
    /// <param name="record">The record. Its body is not needed afterwards.</param>
    /// <exception cref="ArgumentException">It is of another bundle.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public RecordOutcome Add(BundleRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Bundle != Bundle)
        {
            throw new ArgumentException($"is of {record.Bundle}, and not of {Bundle}", nameof(record));
        }

        LastRecordAt = options.Time.GetUtcNow();
        Loaded();
        var outcome = record.Kind switch
        {
            BundleRecordKind.Manifest => AddManifest(record.Body),
            BundleRecordKind.RawEvent => AddEvent(record.Seq, record.Body),
            _ => AddChunk(record),
        };
        IsChanged |= outcome.Fate == RecordFate.Accepted;
        return outcome;
    }

    /// <summary>Has the device keep what was accepted. Where nothing is new it costs nothing.</summary>
    /// <exception cref="IOException">It does not; what was accepted since the last time has to come again.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission; the same applies.</exception>
    public void Flush()
    {
        try
        {
            if (StartFlush() is { } flush)
            {
                flush.Wait();
                EndFlush(flush);
            }
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    /// <summary>
    /// The first part of <see cref="Flush"/>: what follows, waiting for the device, may be done while records are added. Then <see cref="EndFlush"/> is to be called or,
    /// if this or the waiting throws, <see cref="TakeBack"/>.
    /// </summary>
    /// <returns>Null if nothing is new.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    internal StartedFlush? StartFlush() => journal.StartFlush() is { } started ? new StartedFlush(started.File, journal.FullName, started.End) : null;

    /// <summary>The device keeps it.</summary>
    internal void EndFlush(StartedFlush flush) => journal.Flushed(flush.End);

    /// <summary>All that was accepted since the last flush that ended has to come again.</summary>
    internal void TakeBack()
    {
        journal.TakeBack();
        isLoaded = false;
        index = null;
        journal.Dispose();
    }

    /// <summary>
    /// Takes what was packed of the bundle before, so that records that come later make it more whole. What it said that was missing is not taken. It may
    /// be called again, also after a kill in the middle of it.
    /// </summary>
    /// <param name="packed">The bundle, as it was packed.</param>
    /// <exception cref="BundleException">It cannot be read.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public void Seed(BundleFiles packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        var before = Loaded().IsEmpty ? false : IsChanged;
        using (var manifest = packed.Read(BundleLayout.ManifestFileName, options.Limits.MaxLineBytes))
        {
            if (!CollectedManifest.IsMade(manifest.Span))
            {
                AddManifest(CollectedManifest.Without(manifest.Span));
            }
        }

        using (var lines = new LineReader(packed.OpenRead(BundleLayout.EventLogFileName), packed.DisplayNameOf(BundleLayout.EventLogFileName), options.Limits.MaxLineBytes))
        {
            while (lines.MoveNext())
            {
                var line = lines.Current.ToArray();
                if (EventLine.SeqOf(line) is { } seq)
                {
                    AddEvent(seq, line);
                }
            }
        }

        foreach (var file in packed.List(BundleLayout.PayloadsDirectoryName))
        {
            if (EventLine.NumberOf(file.Name) is { } number && !state.HasPayload(number))
            {
                SeedPayload(packed, file.Name, number);
            }
        }

        Append(new FrameHead(FrameKind.Seeded, 0, 0), default);
        state.Seeded();
        Flush();
        IsChanged = before;
    }

    /// <summary>Writes the bundle as a directory. What is missing is named in its manifest; without a hole every file is what it was.</summary>
    /// <param name="directory">The directory, which must not exist.</param>
    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission; nothing is left of it.</exception>
    public void WriteTo(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (Path.Exists(directory))
        {
            throw new IOException($"{directory}: is there already");
        }

        try
        {
            BundleDirectoryWriter.Write(directory, Files());
        }
        catch
        {
            BestEffort.DeleteDirectory(directory);
            throw;
        }
    }

    /// <summary>
    /// Packs the bundle as it is, whole or not. The same records give the same bytes. It is flushed to the device before it takes its place, where
    /// it replaces what is there.
    /// </summary>
    /// <param name="path">The packed rollout to write. Its directory must exist, on the same file system as <see cref="Directory"/>.</param>
    /// <param name="packing">How; null for <see cref="PackOptions.Default"/>.</param>
    /// <exception cref="IOException">It cannot be written; what was there is there.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission; the same applies.</exception>
    /// <exception cref="BundleException">It has more files than a packed rollout takes.</exception>
    public PackResult Pack(string path, PackOptions? packing = null) => PackTo(path, packing ?? PackOptions.Default, isKept: true);

    /// <summary>As the other, for who needs it until it is elsewhere and can make it again.</summary>
    /// <param name="path">The packed rollout.</param>
    /// <param name="packing">How.</param>
    /// <param name="isKept">Whether the device has it when this returns.</param>
    internal PackResult PackTo(string path, PackOptions packing, bool isKept)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.GetFullPath(path);
        var work = Path.Join(Directory, PackingName);
        try
        {
            var result = BundlePacker.PackAsItIs(Files(), work, journal.WrittenAt, isKept, packing);
            File.Move(work, path, overwrite: true);
            if (isKept)
            {
                DirectorySync.Names(Path.GetDirectoryName(path)!);
            }

            IsChanged = false;
            return result with { Path = path };
        }
        finally
        {
            BestEffort.DeleteFile(work);
        }
    }

    /// <summary>Gives file and memory back; the next call opens what it needs again. Nothing is flushed by it.</summary>
    public void Close()
    {
        index = null;
        journal.Dispose();
        if (isLoaded && journal.IsWritten && state.Weight > MostKeptWhenClosed)
        {
            state = new AssemblyState();
            isLoaded = false;
        }
    }

    /// <summary>Deletes the journal. The object is of no use afterwards.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public void Delete()
    {
        Close();

        // Without its journal what is left is no bundle any more.
        File.Delete(Path.Join(Directory, JournalFile.FileName));
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>As <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    private AssemblyState Loaded()
    {
        if (isLoaded)
        {
            return state;
        }

        state = new AssemblyState();
        foreach (var (head, body, bytes) in journal.Load(Math.Max(options.Limits.MaxLineBytes, PayloadSplit.MaxBodyBytes)))
        {
            switch (head.Kind)
            {
                case FrameKind.Manifest:
                    state.AddManifest(BundleManifest.Parse(bytes.Span));
                    break;
                case FrameKind.Event:
                    state.AddEvent(head.Number, EventLine.Read(bytes.Span, head.Number, out _) ?? new EventLine());
                    break;
                case FrameKind.Chunk:
                    state.AddChunk(head.Number, head.Facts!, head.Chunk, body);
                    break;
                case FrameKind.Dropped:
                    state.Drop(head.Number);
                    break;
                case FrameKind.Seeded:
                    state.Seeded();
                    break;
            }
        }

        isLoaded = true;
        return state;
    }

    private JournalIndex Index()
    {
        Loaded();
        return index ??= JournalIndex.Of(journal);
    }

    private RawEvent? EventOf(EventMoment? moment) => moment is { } known ? RawEvent.Parse(journal.ReadBody(Index().Events[known.Seq])) : null;

    private JournalFiles Files() => new(Bundle, Directory, Manifest(), journal, Index());

    private byte[] Manifest()
    {
        var manifest = Index().Manifest is { } extent ? journal.ReadBody(extent) : MadeManifest.Of(Bundle, EventOf(state.Start), EventOf(state.Lowest)).ToUtf8Json();
        return Hole is { } hole ? CollectedManifest.With(manifest, hole) : manifest;
    }

    private RecordOutcome AddManifest(ReadOnlyMemory<byte> body)
    {
        if (state.HasManifest)
        {
            return Index().Manifest is { } extent && journal.ReadBody(extent).AsSpan().SequenceEqual(body.Span)
                ? RecordOutcome.Twice
                : RecordOutcome.Rejected($"{Bundle}: a manifest came before with another body; what came first stays");
        }

        try
        {
            var manifest = BundleManifest.Parse(body.Span);
            if (body.Length > options.Limits.MaxLineBytes || manifest.RawEventLog != BundleLayout.EventLogFileName || manifest.PayloadsDir != BundleLayout.PayloadsDirectoryName)
            {
                return RecordOutcome.Rejected($"{Bundle}: the manifest has another layout than the standard one, or is too long");
            }

            Append(new FrameHead(FrameKind.Manifest, 0, body.Length), body);
            state.AddManifest(manifest);
            return RecordOutcome.Accepted;
        }
        catch (BundleException e)
        {
            return RecordOutcome.Rejected($"{Bundle}: {e.Message}");
        }
    }

    private RecordOutcome AddEvent(long seq, ReadOnlyMemory<byte> body)
    {
        if (state.Events.Contains(seq))
        {
            return journal.ReadBody(Index().Events[seq]).AsSpan().SequenceEqual(body.Span)
                ? RecordOutcome.Twice
                : RecordOutcome.Rejected($"{Bundle}: seq {seq} came before with another body; what came first stays");
        }

        if (body.Length > options.Limits.MaxLineBytes)
        {
            return RecordOutcome.Rejected($"{Bundle}: the line of seq {seq} has {body.Length} bytes, more than the limit of {options.Limits.MaxLineBytes}");
        }

        if (EventLine.Read(body.Span, seq, out var refused) is not { } line)
        {
            return RecordOutcome.Rejected($"{Bundle}: {refused}");
        }

        Append(new FrameHead(FrameKind.Event, seq, body.Length), body);
        state.AddEvent(seq, line);
        return RecordOutcome.Accepted;
    }

    private RecordOutcome AddChunk(BundleRecord record)
    {
        var (number, facts) = (record.PayloadNumber, record.Payload!);
        var path = AssemblyState.PathOf(number);
        var before = state.HasPayload(number) ? Index().Payloads[number] : state.OpenOf(number);
        if (before is not null && before.Facts.Sha256 != facts.Sha256)
        {
            return RecordOutcome.Rejected($"{Bundle}: {path} came before with another sha256; what came first stays");
        }

        if (state.HasPayload(number) || (before?.Has(record.Chunk) == true && before.Facts == facts))
        {
            return RecordOutcome.Twice;
        }

        if ((before is not null && before.Facts != facts) || facts.Chunks > Math.Max(facts.Bytes, 1) || facts.Bytes > options.Limits.MaxPayloadBytes)
        {
            return RecordOutcome.Rejected(
                facts.Bytes > options.Limits.MaxPayloadBytes ? $"{Bundle}: {path} has {facts.Bytes} bytes, more than the limit of {options.Limits.MaxPayloadBytes}"
                : $"{Bundle}: chunk {record.Chunk} of {path} does not fit the file: its bytes, encoding or number of chunks are others");
        }

        if (PayloadJoin.Decode(record) is not { } chunk)
        {
            return RecordOutcome.Rejected($"{Bundle}: chunk {record.Chunk} of {path} is no base64");
        }

        return AddChunk(number, facts, record.Chunk, chunk, before);
    }

    private RecordOutcome AddChunk(long number, PayloadFacts facts, int chunk, ReadOnlyMemory<byte> bytes, OpenPayload? before)
    {
        if (facts.Chunks > 1 && before?.IsCompletedBy(chunk) != true && state.WhyNotMore(isNew: before is null) is { } reason)
        {
            return RecordOutcome.Rejected($"{Bundle}: {reason}");
        }

        before ??= new OpenPayload(facts);
        if (before.IsCompletedBy(chunk))
        {
            using var chunks = new ExtentStream(new JournalReader(journal), before.ExtentsWith(chunk), bytes);
            if (PayloadJoin.Write(facts, chunks, Stream.Null) is { } wrong)
            {
                if (state.OpenOf(number) is not null)
                {
                    Append(new FrameHead(FrameKind.Dropped, number, 0), default);
                    state.Drop(number);
                }

                return RecordOutcome.Rejected($"{Bundle}: {AssemblyState.PathOf(number)} {wrong}; all its chunks may come again");
            }
        }

        var head = new FrameHead(FrameKind.Chunk, number, bytes.Length, chunk, facts);
        state.AddChunk(number, facts, chunk, Append(head, bytes));
        return RecordOutcome.Accepted;
    }

    private void SeedPayload(BundleFiles packed, string name, long number)
    {
        using var bytes = packed.Read(name, options.Limits.MaxPayloadBytes);
        var pieces = Math.Max((bytes.Length + PayloadSplit.MaxBodyBytes - 1) / PayloadSplit.MaxBodyBytes, 1);
        var facts = new PayloadFacts { Bytes = bytes.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span)), Encoding = PayloadEncoding.Base64, Chunks = pieces };
        if (state.OpenOf(number) is not null)
        {
            // What is there whole is better than some chunks of it.
            Append(new FrameHead(FrameKind.Dropped, number, 0), default);
            state.Drop(number);
        }

        for (var piece = 1; piece <= pieces; piece++)
        {
            var from = (piece - 1) * PayloadSplit.MaxBodyBytes;
            AddChunk(number, facts, piece, bytes.Span.Slice(from, Math.Min(bytes.Length - from, PayloadSplit.MaxBodyBytes)).ToArray(), state.OpenOf(number));
        }
    }

    private Extent Append(in FrameHead head, ReadOnlyMemory<byte> body)
    {
        var extent = journal.Append(head, body);
        index?.Add(head, extent);
        return extent;
    }
}
