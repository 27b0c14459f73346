using OpenTelemetry;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Export;
using RolloutTrace.Recorder.Housekeeping;

namespace RolloutTrace.Recorder;

/// <summary>
/// Writes records into bundles below a directory: payload files at once, event lines with few writes a bundle and batch. A bundle
/// that cannot be written stops at what is on disk; it is reported and counted. Others go on, and exporting succeeds.
/// </summary>
/// <remarks>What it has exported is in the system's hands: it survives the process, not a loss of power.</remarks>
public sealed class BundleExporter : BaseExporter<RolloutRecord>, IWorksAside
{
    private const long FlushAfterMilliseconds = 10;
    private const int NotesMilliseconds = 1000;

    // Who waits for the exporter to end is to see it end.
    private const int EndMilliseconds = 250;

    private readonly string root;
    private readonly int maxOpenFiles;
    private readonly LinkedList<OpenBundle> withOpenFiles = new();
    private readonly List<OpenBundle> touched = [];
    private readonly RecorderPresence presence;
    private readonly LossNotes notes = new();
    private readonly BundleStorage storage;
    private readonly Housekeeper housekeeper;
    private readonly TimeSpan drainTimeout;

    /// <summary>Creates the exporter. Nothing is touched on disk until there is something to write.</summary>
    /// <param name="root">The directory that will hold the bundles; created when it is missing.</param>
    /// <param name="maxOpenFiles">How many logs are kept open; at least 1. With more bundles than that, logs are closed and opened again.</param>
    public BundleExporter(string root, int maxOpenFiles = RolloutTracingOptions.DefaultMaxOpenFiles)
        : this(root, maxOpenFiles, new RolloutTracingOptions())
    {
    }

    internal BundleExporter(string root, RolloutTracingOptions options)
        : this(root, options.MaxOpenFiles, options)
    {
    }

    private BundleExporter(string root, int maxOpenFiles, RolloutTracingOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxOpenFiles, 1);
        this.root = Path.GetFullPath(root);
        this.maxOpenFiles = maxOpenFiles;
        storage = options.Storage;
        drainTimeout = options.DrainTimeout;
        presence = new RecorderPresence(this.root, options.ExitTimeout);
        housekeeper = new Housekeeper(this.root, storage, options.KeepAtMost);
    }

    void IWorksAside.Yield() => housekeeper.Yield();

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<RolloutRecord> batch)
    {
        var flushedAt = Environment.TickCount64;
        foreach (var record in batch)
        {
            Write(record);

            // On a slow disk the payloads of a batch take long, and the lines should not wait for all of them.
            if (Environment.TickCount64 - flushedAt >= FlushAfterMilliseconds)
            {
                FlushTouched();
                flushedAt = Environment.TickCount64;
            }
        }

        FlushTouched();
        notes.WriteSome();
        return ExportResult.Success;
    }

    /// <summary>What was exported is written already; bundles that were stopped say how much they have lost by now.</summary>
    /// <param name="timeoutMilliseconds">How long to wait for that; -1 for a second, which is the most in any case.</param>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        notes.WriteAll(timeoutMilliseconds < 0 ? NotesMilliseconds : Math.Min(timeoutMilliseconds, NotesMilliseconds));
        return true;
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        while (withOpenFiles.First is { } first)
        {
            CloseFiles(first.Value);
        }

        OnForceFlush(timeoutMilliseconds);
        var limit = (long)drainTimeout.TotalMilliseconds;
        limit = timeoutMilliseconds < 0 ? limit : Math.Min(limit, timeoutMilliseconds);
        housekeeper.End((int)Math.Max(limit - EndMilliseconds - (Environment.TickCount64 - began), 0));
        presence.Dispose();
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            housekeeper.Dispose();
            presence.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Write(RolloutRecord record)
    {
        var recording = record.Bundle.Recording;
        if (recording.IsCut)
        {
            recording.CountLost(1);
            return;
        }

        try
        {
            var bundle = record.Bundle.Open ?? Create(record.Bundle);
            if (!bundle.TryTouch(out var isFirst))
            {
                recording.Cut(StopCause.Packed, string.Empty);
                recording.CountLost(1);
                return;
            }

            if (isFirst)
            {
                touched.Add(bundle);
            }

            if (record.IsInParts)
            {
                bundle.Writer.WritePayload(record.PayloadNumber, record.Parts);
            }
            else if (record.PayloadReference is not null)
            {
                bundle.Writer.WritePayload(record.PayloadNumber, record.Payload.Span);
            }

            bundle.Writer.Append(record.Event);
            bundle.Unflushed++;
            bundle.HasEnded |= record.Observed is RolloutEndedEvent;
            bundle.Agents += record.Observed switch { ThreadStartedEvent => 1, ThreadEndedEvent => -1, _ => 0 };

            // Whoever waits for a slow disk gives up on one that stands still, and a batch can take long.
            recording.Moved();
        }
        catch (Exception e)
        {
            // What was appended before goes to disk with the rest of the batch.
            Cut(record.Bundle, e);
            recording.CountLost(1);
        }
    }

    private void FlushTouched()
    {
        foreach (var bundle in touched)
        {
            Flush(bundle);
            bundle.Leave();
            if (bundle.HasEnded && !bundle.Bundle.Recording.IsCut)
            {
                housekeeper.Ended(bundle, bundle.Agents > 0);
            }
        }

        touched.Clear();
    }

    private OpenBundle Create(RolloutBundle bundle)
    {
        var manifest = bundle.Manifest with { WriterLock = presence.Show() };
        if (bundle.MayBeResumed && EarlierBundle.Find(root, bundle, storage) is { } earlier)
        {
            manifest = manifest with { ResumedFrom = new ResumedRecording { TraceId = earlier } };
        }

        var opened = new OpenBundle(bundle, storage.Create(Path.Join(root, bundle.Name), manifest), notes);
        bundle.Open = opened;
        KeepOpen(opened);
        bundle.Recording.Health.BundleOpened();
        housekeeper.Begin();

        // Whoever loses an event counts it and then looks for the bundle; here it is the other way round.
        Interlocked.MemoryBarrier();
        if (bundle.Recording.Lost > 0)
        {
            opened.NoteLoss();
        }

        return opened;
    }

    private void Flush(OpenBundle bundle)
    {
        try
        {
            bundle.Writer.Flush();
        }
        catch (Exception e)
        {
            Cut(bundle.Bundle, e);
        }

        Count(bundle);
        bundle.Bundle.Recording.Moved();
        if (bundle.HasEnded || bundle.Bundle.Recording.IsCut)
        {
            CloseFiles(bundle);
        }
        else
        {
            KeepOpen(bundle);
        }
    }

    // The files that were used least recently make room.
    private void KeepOpen(OpenBundle bundle)
    {
        if (bundle.Place is null)
        {
            bundle.Place = withOpenFiles.AddFirst(bundle);
        }
        else if (withOpenFiles.First != bundle.Place)
        {
            withOpenFiles.Remove(bundle.Place);
            withOpenFiles.AddFirst(bundle.Place);
        }

        while (withOpenFiles.Count > maxOpenFiles)
        {
            CloseFiles(withOpenFiles.Last!.Value);
        }
    }

    private void CloseFiles(OpenBundle bundle)
    {
        if (bundle.Place is not null)
        {
            withOpenFiles.Remove(bundle.Place);
            bundle.Place = null;
        }

        try
        {
            bundle.Writer.CloseFiles();
        }
        catch (Exception e)
        {
            Cut(bundle.Bundle, e);
        }

        Count(bundle);
    }

    private static void Cut(RolloutBundle bundle, Exception e) => bundle.Recording.Cut(StopCauses.Of(e), StopCauses.Detail(e));

    // Of what was to be flushed, the writer knows how much got there, and how much of what was there is gone.
    private static void Count(OpenBundle bundle)
    {
        var writer = bundle.Writer;
        var health = bundle.Bundle.Recording.Health;
        var events = writer.EventsWritten - bundle.Counted.Events;
        var bytes = writer.BytesWritten - bundle.Counted.Bytes;
        bundle.Counted = (writer.EventsWritten, writer.BytesWritten);
        health.Counters.Written(Math.Max(events, 0), bytes);
        health.Counters.Removed(Math.Max(-events, 0));
        if (bundle.Unflushed > events)
        {
            bundle.Bundle.Recording.CountLost(bundle.Unflushed - events);
        }

        bundle.Unflushed = 0;
        Report(bundle);
    }

    private static void Report(OpenBundle bundle)
    {
        var news = bundle.Writer.Repairs & ~bundle.Reported;
        bundle.Reported = bundle.Writer.Repairs;
        if (news.HasFlag(BundleRepairs.LogCut))
        {
            bundle.Bundle.Recording.Health.BundleRepaired(bundle.Bundle.Name, "log_appended_to");
        }

        if (news.HasFlag(BundleRepairs.ManifestRestored))
        {
            bundle.Bundle.Recording.Health.BundleRepaired(bundle.Bundle.Name, "manifest_removed");
        }
    }
}
