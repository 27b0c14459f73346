using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Given;

/// <summary>A bundle of one request alone, whose payload is a file of another bundle.</summary>
internal sealed class OneRequestFiles : BundleFiles
{
    /// <summary>The request's id.</summary>
    public const string RequestId = "request";

    private const string Id = "019d0000-0000-7000-8000-000000000000";

    private readonly BundleFiles payloads;
    private readonly Dictionary<string, byte[]> own;

    public OneRequestFiles(BundleFiles payloads, PayloadReference request)
    {
        this.payloads = payloads;
        var manifest = new BundleManifest { TraceId = Id, RolloutId = Id, RootThreadId = Id, StartedAtUnixMs = 0 };
        own = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [BundleLayout.ManifestFileName] = manifest.ToUtf8Json(),
            [BundleLayout.EventLogFileName] = Log(
                new ThreadStartedEvent { ThreadId = Id, AgentPath = "/root" },
                new CodexTurnStartedEvent { CodexTurnId = Id, ThreadId = Id },
                new InferenceStartedEvent { InferenceCallId = RequestId, ThreadId = Id, CodexTurnId = Id, Model = "", ProviderName = "", RequestPayload = request }),
        };
    }

    public override string Name => payloads.Name;

    public override string DisplayName => payloads.DisplayName;

    public override bool Exists(string name) => own.ContainsKey(name) || payloads.Exists(name);

    public override long GetLength(string name) => own.TryGetValue(name, out var bytes) ? bytes.Length : payloads.GetLength(name);

    public override IEnumerable<BundleFile> List(string directory) => payloads.List(directory);

    public override Stream OpenRead(string name) => own.TryGetValue(name, out var bytes) ? new MemoryStream(bytes, writable: false) : payloads.OpenRead(name);

    public override PayloadBytes Read(string name, int maxBytes) => own.ContainsKey(name) ? base.Read(name, maxBytes) : payloads.Read(name, maxBytes);

    public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Unknown;

    private static byte[] Log(params ReadOnlySpan<RawEventPayload> events)
    {
        using var log = new MemoryStream();
        for (var i = 0; i < events.Length; i++)
        {
            using (var json = new Utf8JsonWriter(log))
            {
                new RawEvent { Seq = i + 1, WallTimeUnixMs = 0, RolloutId = Id, ThreadId = Id, CodexTurnId = i == 0 ? null : Id, Payload = events[i] }.WriteTo(json);
            }

            log.WriteByte((byte)'\n');
        }

        return log.ToArray();
    }
}
