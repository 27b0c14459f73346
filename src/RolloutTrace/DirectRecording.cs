using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace;

/// <summary>
/// Records a rollout into a bundle at once, on the thread that calls: for importers and tests, which may wait for the disk. What is
/// observed while it happens is better recorded by a recorder with a queue. Events are numbered from 1 without holes, payloads from
/// 1, and a payload is whole on disk before its event. Safe for concurrent use.
/// </summary>
/// <remarks>
/// It never throws while it records. The first thing that goes wrong ends the recording, so that what is on disk stays a sound
/// beginning; <see cref="Failure"/> has it, and <see cref="Complete"/> throws it.
/// </remarks>
public sealed class DirectRecording : IRolloutRecording, IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly BundleWriter writer;
    private readonly ArrayBufferWriter<byte> document = new();
    private Exception? failure;
    private bool isClosed;
    private long lastSeq;
    private long lastPayload;

    private DirectRecording(BundleWriter writer, TimeProvider clock)
    {
        this.writer = writer;
        this.clock = clock;
    }

    /// <inheritdoc/>
    public string BundleName => Path.GetFileName(writer.Directory);

    /// <inheritdoc/>
    public string TraceId => writer.Manifest.TraceId;

    /// <summary>What ended the recording before its time; null if nothing did.</summary>
    public Exception? Failure
    {
        get
        {
            lock (gate)
            {
                return failure;
            }
        }
    }

    /// <summary>Creates a bundle for a rollout. It still has to be attached: <see cref="Rollout.TryAttach"/>.</summary>
    /// <param name="directory">The bundle's directory, which must not exist; those above it are created where they are missing.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="clock">Tells when recording began, and the time of events whose context has none.</param>
    /// <exception cref="IOException">The directory exists, or something cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static DirectRecording Create(string directory, Rollout rollout, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        return Create(directory, rollout, Guid.CreateVersion7(now).ToString(), now, clock);
    }

    /// <summary>Creates a bundle whose identity is known before, so that it comes out the same each time.</summary>
    /// <param name="directory">The bundle's directory, which must not exist; those above it are created where they are missing.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="recordingId">Identity of the recording, a UUID.</param>
    /// <param name="startedAt">When recording began, as the manifest says it.</param>
    /// <exception cref="IOException">The directory exists, or something cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static DirectRecording Create(string directory, Rollout rollout, string recordingId, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentException.ThrowIfNullOrEmpty(recordingId);
        return Create(directory, rollout, recordingId, startedAt, TimeProvider.System);
    }

    /// <summary>
    /// Writes what is buffered and closes the files until the next event, for who has more recordings at once than the system lets
    /// files be open.
    /// </summary>
    public void ReleaseFiles()
    {
        lock (gate)
        {
            if (failure is not null || isClosed)
            {
                return;
            }

            try
            {
                writer.CloseFiles();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }
    }

    /// <inheritdoc/>
    public void Record(in RolloutEventContext context, RawEventPayload payload)
    {
        lock (gate)
        {
            if (failure is not null || isClosed)
            {
                return;
            }

            try
            {
                Append(context, payload);
            }
            catch (Exception e)
            {
                failure = e;
            }
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
        lock (gate)
        {
            if (failure is not null || isClosed)
            {
                return null;
            }

            try
            {
                document.ResetWrittenCount();
                payload.WriteTo(document);
                CheckDocument(MemoryMarshal.AsMemory(document.WrittenMemory).Span, kind);
                var number = lastPayload + 1;
                var reference = PayloadReference.ForNumber(number, kind);
                var observed = create(state, reference);
                writer.WritePayload(number, document.WrittenSpan);
                lastPayload = number;
                Append(context, observed);
                return reference;
            }
            catch (Exception e)
            {
                failure = e;
                return null;
            }
        }
    }

    /// <summary>Writes what is buffered and closes the bundle; later events are not recorded.</summary>
    /// <exception cref="BundleException">Something went wrong, now or before; the cause is its inner exception.</exception>
    public void Complete()
    {
        Dispose();
        if (Failure is { } cause)
        {
            throw new BundleException($"{writer.Directory}: recording ended after {writer.EventsWritten} events: {cause.Message}", cause);
        }
    }

    /// <summary>Writes what is buffered and closes the bundle, and says nothing of failures.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            try
            {
                writer.Dispose();
            }
            catch (Exception e)
            {
                failure ??= e;
            }
        }
    }

    private static DirectRecording Create(string directory, Rollout rollout, string recordingId, DateTimeOffset startedAt, TimeProvider clock)
    {
        var manifest = new BundleManifest
        {
            TraceId = recordingId,
            RolloutId = rollout.RolloutId,
            RootThreadId = rollout.RootThreadId,
            StartedAtUnixMs = Math.Max(0, startedAt.ToUnixTimeMilliseconds()),
        };
        return new DirectRecording(BundleWriter.Create(directory, manifest), clock);
    }

    private void Append(in RolloutEventContext context, RawEventPayload payload)
    {
        writer.Append(new RawEvent
        {
            Seq = lastSeq + 1,
            WallTimeUnixMs = context.WallTimeUnixMs ?? clock.GetUtcNow().ToUnixTimeMilliseconds(),
            RolloutId = writer.Manifest.RolloutId,
            ThreadId = context.ThreadId,
            CodexTurnId = context.TurnId,
            Payload = payload,
            Otel = context.ForeignSpan ?? SpanOf(context),
        });
        lastSeq++;
        writer.Flush();
    }

    private static EventSpan? SpanOf(in RolloutEventContext context) => context.Span is { IdFormat: ActivityIdFormat.W3C } span
        ? new EventSpan
        {
            TraceId = span.TraceId.ToHexString(),
            SpanId = span.SpanId.ToHexString(),
            ParentSpanId = context.ParentSpanId,
            Carried = context.SpanAttributes,
        }
        : null;

    // A recorder puts a marker in the place of an unsound document; who imports would rather know. Both mend half a surrogate pair.
    private static void CheckDocument(Span<byte> utf8, PayloadKind kind)
    {
        try
        {
            if (!SoundJson.Mend(utf8, out _))
            {
                throw new InvalidDataException($"a payload of kind {kind} is not valid UTF-8");
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a payload of kind {kind} is not one JSON document: {e.Message}", e);
        }
    }
}
