using OpenTelemetry;
using OpenTelemetry.Logs;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder;

/// <summary>
/// Options of recording. They are read once, when the tracer provider is built; what is out of range fails there. What the
/// environment does wrong later, such as a full disk, never throws.
/// </summary>
public sealed class RolloutTracingOptions
{
    /// <summary>Environment variable, or configuration key, for the directory of bundles when <see cref="BundleRoot"/> is not set.</summary>
    public const string RootVariable = "ROLLOUT_TRACE_ROOT";

    /// <summary>Environment variable, or configuration key, that switches recording off when it is <c>true</c>. Spans are not affected.</summary>
    public const string DisabledVariable = "ROLLOUT_TRACE_DISABLED";

    /// <summary>The directory of bundles when nothing else says where, below the current directory.</summary>
    public const string DefaultRoot = "rollout-traces";

    internal const int DefaultMaxOpenFiles = 64;

    internal static readonly TimeSpan DefaultExitTimeout = TimeSpan.FromSeconds(8);

    /// <summary>
    /// The directory that holds the bundles. Null, the default, for the one that <see cref="RootVariable"/> names, else
    /// <see cref="DefaultRoot"/> below the current directory. It is created with mode 0700 when the first rollout starts.
    /// </summary>
    public string? BundleRoot { get; set; }

    /// <summary>
    /// The bound on the memory that holds what is not written yet, in bytes; 64 MiB by default, at least 1 MiB. At the limit
    /// callers wait, as long as <see cref="MaxCallerWait"/> allows.
    /// </summary>
    public long QueueLimitBytes { get; set; } = 64 << 20;

    /// <summary>
    /// How long callers may be kept waiting for room in the queue, all calls taken together. 2 seconds by default, from zero to
    /// a day, in whole milliseconds. While the disk moves, a hundredth of the time that passes is given back. When it is used up, a
    /// bundle whose event finds no room stops. What it has stays a valid prefix; the rest of its events is counted as not recorded.
    /// </summary>
    public TimeSpan MaxCallerWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long to wait for a disk that stands still. 5 seconds by default, from zero to a day. It holds when the provider is
    /// disposed of, at the exit of the process, and in a flush without a time limit of its own. Then what is not written is given
    /// up. A disk that is slow but moves is waited for longer; at the end of the program up to <see cref="ExitTimeout"/>.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the program may be kept from ending, whatever the disk does. 8 seconds by default, from zero to a day, in whole
    /// milliseconds; with <see cref="Timeout.InfiniteTimeSpan"/> only <see cref="DrainTimeout"/> bounds it. Shutdown and disposal of
    /// the provider, signals and the exit of the process share the time, and so do all recorders of the process. Then what is not
    /// written is given up, counted as not recorded and reported.
    /// </summary>
    public TimeSpan ExitTimeout { get; set; } = DefaultExitTimeout;

    /// <summary>
    /// The largest payload, in bytes of UTF-8; 16 MiB by default, from 1 KiB to 1 GiB. In the place of a larger one the bundle
    /// gets a marker that says so.
    /// </summary>
    /// <remarks>No more than that is made of a payload: serialising it stops there.</remarks>
    public int MaxPayloadBytes { get; set; } = 16 << 20;

    /// <summary>
    /// How many event logs are kept open; 64 by default, from 1 to 100,000. With more rollouts at once than that, logs are closed
    /// and opened again as needed.
    /// </summary>
    public int MaxOpenFiles { get; set; } = DefaultMaxOpenFiles;

    /// <summary>
    /// Sees each payload before it is recorded, and each text that stands in an event itself, and says what to record instead: its
    /// <see cref="PayloadToRedact.Content"/> unchanged, another document, or nothing. Null, the default, records everything.
    /// </summary>
    /// <remarks>
    /// It is called on the threads that record, for texts in events and spans of other libraries on the recorder's own too, and has to be safe for that. When it
    /// throws, or gives a document without the ids and members that reducing the bundle needs, a marker is recorded instead, which
    /// has just those.
    /// </remarks>
    public Func<PayloadToRedact, JsonPayload>? Redact { get; set; }

    /// <summary>
    /// How bundles are kept on disk. Files as the format says by default; <c>new PackedStorage()</c> of RolloutTrace.Packing has what requests repeat on disk once.
    /// </summary>
    /// <remarks>
    /// What is done to a bundle after its rollout has ended is done on a thread of its own, when nothing came of it for 5 seconds, or for 10 minutes where
    /// agents of it have not ended; an event that comes later than that is counted as not recorded. The end of the
    /// program waits for it as long as <see cref="DrainTimeout"/> and <see cref="ExitTimeout"/> allow.
    /// </remarks>
    public BundleStorage Storage { get; set; } = BundleStorage.Plain;

    /// <summary>How much is kept below the bundle root; all by default. Looked after on a thread of its own, at the first rollout, after others ended, and each hour.</summary>
    public BundleRetention KeepAtMost { get; } = new();

    /// <summary>What is done with the spans of other libraries; by default rollouts are recorded from them.</summary>
    public GenAISpanOptions GenAISpans { get; } = new();

    /// <summary>The wall clock of events and manifests; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Makes the exporter that records go to; null, the default, for a <see cref="BundleExporter"/> on the bundle root. It is used
    /// by one thread, and shut down with the tracer provider. An export that fails or throws stops the bundles of its batch.
    /// </summary>
    public Func<IServiceProvider, BaseExporter<RolloutRecord>>? ExporterFactory { get; set; }

    /// <summary>
    /// Where rollouts are recorded to; the disk by default. Everything else needs a <see cref="LogExporterFactory"/>.
    /// </summary>
    /// <remarks>
    /// A receiver that does not answer never keeps the program: what waits for it is bounded by <see cref="QueueLimitBytes"/>, and when half of that is
    /// used, or after 60 seconds, a batch is given up, counted (<c>events.not_sent</c>) and reported; what comes later is sent all the same. At the
    /// end it is waited for as the disk is (<see cref="DrainTimeout"/>, <see cref="ExitTimeout"/>).
    /// </remarks>
    public RecordDestination Destination { get; set; }

    /// <summary>
    /// Makes the exporter by which log records are sent, such as <c>_ => new OtlpLogExporter(new OtlpExporterOptions())</c>, which reads the OTEL_EXPORTER_OTLP_* variables.
    /// It belongs to the recorder, in a pipeline of its own with the tracer provider's resource: no other log goes there, and no record of a rollout elsewhere.
    /// </summary>
    public Func<IServiceProvider, BaseExporter<LogRecord>>? LogExporterFactory { get; set; }

    /// <summary>Which spans of other libraries are looked at; null for all.</summary>
    internal Func<System.Diagnostics.Activity, bool>? SpanFilter { get; set; }

    /// <summary>Which rollouts are recorded; null for all.</summary>
    internal Func<Rollout, bool>? Filter { get; set; }
}
