using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>
/// A turn in a tracer provider of its own, for one round of measuring. Only one may exist at a time: providers listen
/// process-wide, and two of them would both be paid for.
/// </summary>
internal sealed class TracedTurn : IDisposable
{
    private readonly ScratchDirectory? root;
    private readonly TracerProvider provider;
    private readonly AgentSession session;

    private TracedTurn(ScratchDirectory? root, TracerProvider provider, bool withContent)
    {
        this.root = root;
        this.provider = provider;
        session = RolloutTracing.StartSession(new() { AgentPath = "/root", Model = "gpt-5-codex", ProviderName = "openai", CaptureMessageContent = withContent });
        Turn = session.StartTurn();
    }

    public Turn Turn { get; }

    private string Bundle => Directory.GetDirectories(root!.FullName).Single();

    /// <summary>The spans in a provider without the recorder, and without exporters.</summary>
    public static TracedTurn SpansOnly(bool withContent = false) =>
        new(root: null, Sdk.CreateTracerProviderBuilder().AddSource(RolloutActivitySource.Name).Build(), withContent);

    /// <summary>The spans in a provider with the recorder, into a directory that is deleted afterwards.</summary>
    public static TracedTurn Recorded(Action<RolloutTracingOptions>? configure = null, bool withContent = false)
    {
        var root = new ScratchDirectory();
        var builder = Sdk.CreateTracerProviderBuilder().AddRolloutTracing(options =>
        {
            options.BundleRoot = root.FullName;
            configure?.Invoke(options);
        });
        return new TracedTurn(root, builder.Build(), withContent);
    }

    /// <summary>The spans with a recorder whose disk stands still and whose queue is small: what fills it up stops the bundle.</summary>
    public static TracedTurn Stuck() => Recorded(options =>
    {
        options.QueueLimitBytes = 1 << 20;
        options.MaxCallerWait = TimeSpan.Zero;
        options.DrainTimeout = TimeSpan.Zero;
        options.ExporterFactory = _ => new StuckExporter();
    });

    /// <summary>
    /// One boundary with one payload, start to end: a model request whose payload is taken as it is. It is given up, since
    /// its completion would have a second payload.
    /// </summary>
    public void Boundary(in JsonPayload payload)
    {
        using var request = Turn.StartModelRequest("gpt-5-codex", payload);
        request.Cancel("measured");
    }

    /// <summary>Waits until everything is on disk.</summary>
    public void Flush()
    {
        if (!provider.ForceFlush())
        {
            throw new InvalidOperationException("the recorder did not get everything to disk");
        }
    }

    /// <summary>Checks that every boundary has its payload file, if it is recorded: what was dropped would have been fast.</summary>
    public void ThrowIfLost(int boundaries)
    {
        if (root is null)
        {
            return;
        }

        // The session's metadata is a payload too.
        var files = Directory.GetFiles(Path.Join(Bundle, BundleLayout.PayloadsDirectoryName)).Length;
        if (files != boundaries + 1)
        {
            throw new InvalidOperationException($"{files} payload files for {boundaries} boundaries and the session");
        }
    }

    /// <summary>The log as it is on disk.</summary>
    public byte[] ReadLog() => File.ReadAllBytes(Path.Join(Bundle, BundleLayout.EventLogFileName));

    public void Dispose()
    {
        Turn.Dispose();
        session.Dispose();

        // Disposing the provider waits for the disk only so long, and nothing may be written into what is deleted next.
        provider.ForceFlush();
        provider.Dispose();
        root?.Dispose();
    }
}
