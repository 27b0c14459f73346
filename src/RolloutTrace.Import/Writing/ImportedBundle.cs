using System.Runtime.InteropServices;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Writing;

/// <summary>
/// A bundle that is being imported. It is made beside its place and moved there when it is whole. Events are in the order in which they
/// are recorded; a time before that of the event before it becomes that one's. Not safe for concurrent use.
/// </summary>
internal sealed class ImportedBundle : IRolloutRecording, IDisposable
{
    private const int EventsAtOnce = 256;

    private readonly string place;
    private readonly BundleWriter writer;
    private readonly OpenBundles open;
    private long lastSeq;
    private long lastPayload;
    private long lastTime;
    private Exception? failure;

    private ImportedBundle(string place, BundleWriter writer, OpenBundles open)
    {
        this.open = open;
        this.place = place;
        this.writer = writer;
        lastTime = writer.Manifest.StartedAtUnixMs;
    }

    public BundleManifest Manifest => writer.Manifest;

    public BundleCounts Counts { get; } = new();

    /// <summary>Whether many others are written at the same time: then none keeps its files open.</summary>
    public bool IsOneOfMany { get; set; }

    /// <inheritdoc/>
    public string BundleName => Path.GetFileName(place);

    /// <inheritdoc/>
    public string TraceId => Manifest.TraceId;

    /// <summary>Creates a bundle.</summary>
    /// <param name="root">The directory that is to have it.</param>
    /// <param name="manifest">Its identity.</param>
    /// <param name="open">What it shares with others.</param>
    /// <exception cref="IOException">It cannot be created, or something else has its name.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static ImportedBundle Create(string root, BundleManifest manifest, OpenBundles open)
    {
        var name = BundleLayout.DirectoryName(manifest.TraceId, manifest.RootThreadId);
        var place = Path.Join(root, name);
        if (File.Exists(place) || (Directory.Exists(place) && !IsImported(place, manifest)))
        {
            throw new IOException($"{place}: is there already, and was not made by an import of this rollout");
        }

        var beside = Path.Join(root, $".{name}.import");
        BestEffort.DeleteDirectory(beside);
        return new ImportedBundle(place, BundleWriter.Create(beside, manifest), open);
    }

    /// <inheritdoc/>
    public void Record(in RolloutEventContext context, RawEventPayload payload)
    {
        if (failure is null)
        {
            Try((this, context, payload), static s => s.Item1.Append(s.context, s.payload));
        }
    }

    /// <inheritdoc/>
    public PayloadReference? Record<TState>(
        in RolloutEventContext context,
        PayloadKind kind,
        in JsonPayload payload,
        TState state,
        Func<TState, PayloadReference, RawEventPayload> create)
    {
        if (failure is not null)
        {
            return null;
        }

        PayloadReference? reference = null;
        Try((this, context, kind, payload, state, create), s => reference = s.Item1.Append(s.context, s.kind, s.payload, s.state, s.create));
        return failure is null ? reference : null;
    }

    /// <summary>Closes the bundle and moves it into its place, where it replaces what an earlier import of the rollout has left.</summary>
    /// <returns>Its directory.</returns>
    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    /// <exception cref="BundleException">Something that was to be recorded is not sound; nothing is left of it.</exception>
    public string Complete()
    {
        open.Forget(this);
        try
        {
            writer.Dispose();
            if (failure is not null)
            {
                throw failure as IOException ?? (Exception)new BundleException(failure.Message, failure);
            }

            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }

            Directory.Move(writer.Directory, place);
            return place;
        }
        catch
        {
            BestEffort.DeleteDirectory(writer.Directory);
            throw;
        }
    }

    /// <summary>Leaves nothing of a bundle that was not completed.</summary>
    public void Dispose()
    {
        open.Forget(this);
        try
        {
            writer.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // It is thrown away.
        }

        BestEffort.DeleteDirectory(writer.Directory);
    }

    /// <summary>Writes the events that wait, and closes its files until there are more.</summary>
    public void CloseFiles()
    {
        if (failure is null)
        {
            Try(writer, static writer => writer.CloseFiles());
        }
    }

    // The trace id is derived from the rollout, so that nothing but an import of it has the same.
    private static bool IsImported(string directory, BundleManifest manifest)
    {
        try
        {
            return BundleReader.Open(directory).Manifest.TraceId == manifest.TraceId;
        }
        catch (BundleException)
        {
            return false;
        }
    }

    private void Try<TState>(TState state, Action<TState> action)
    {
        try
        {
            action(state);
        }
        catch (Exception e)
        {
            failure = e;
        }
    }

    private PayloadReference Append<TState>(
        in RolloutEventContext context, PayloadKind kind, in JsonPayload payload, TState state, Func<TState, PayloadReference, RawEventPayload> create)
    {
        var document = open.Document;
        document.ResetWrittenCount();
        payload.WriteTo(document);
        var bytes = MemoryMarshal.AsMemory(document.WrittenMemory).Span;
        if (!SoundJson.Mend(bytes, out _))
        {
            throw new InvalidDataException($"a payload of kind {kind} is not valid UTF-8");
        }

        var number = lastPayload + 1;
        var reference = PayloadReference.ForNumber(number, kind);
        writer.WritePayload(number, bytes);
        lastPayload = number;
        Append(context, create(state, reference));
        return reference;
    }

    private void Append(in RolloutEventContext context, RawEventPayload payload)
    {
        lastTime = Math.Max(lastTime, context.WallTimeUnixMs ?? lastTime);
        writer.Append(new RawEvent
        {
            Seq = ++lastSeq,
            WallTimeUnixMs = lastTime,
            RolloutId = Manifest.RolloutId,
            ThreadId = context.ThreadId,
            CodexTurnId = context.TurnId,
            Payload = payload,
            Otel = context.ForeignSpan,
        });
        Counts.Add(payload);
        if (IsOneOfMany && lastSeq == 1)
        {
            CloseFiles();
        }
        else if (IsOneOfMany)
        {
            open.Wait(this);
        }
        else if (lastSeq % EventsAtOnce == 0)
        {
            writer.Flush();
        }
    }
}
