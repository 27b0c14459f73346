using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.TestSupport;

/// <summary>A bundle in a directory of its own, written event by event or copied, and gone when disposed.</summary>
public sealed class TestBundle : IDisposable
{
    public const string Root = "019d0000-0000-7000-8000-000000000001";
    public const string Turn = "turn-1";

    private readonly List<string> lines = [];
    private int payloads;

    public TestBundle()
    {
        System.IO.Directory.CreateDirectory(Path.Join(Directory, "payloads"));
        File.WriteAllText(
            Path.Join(Directory, "manifest.json"),
            $$"""{"schema_version":1,"trace_id":"trace-1","rollout_id":"{{Root}}","root_thread_id":"{{Root}}","started_at_unix_ms":1770000000000,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""");
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("rollout-trace-").FullName;

    /// <summary>The bundle of a case, with its lines and payloads changed on the way.</summary>
    public static TestBundle Copy(string bundle, Func<string[], IEnumerable<string>>? changeLines = null, Func<string, int, string>? changePayload = null)
    {
        var copy = new TestBundle();
        File.Copy(Path.Join(bundle, "manifest.json"), Path.Join(copy.Directory, "manifest.json"), overwrite: true);
        var payloads = new DirectoryInfo(Path.Join(bundle, "payloads"));
        foreach (var file in payloads.Exists ? payloads.EnumerateFiles().Select(f => f.FullName) : [])
        {
            var number = int.Parse(Path.GetFileNameWithoutExtension(file));
            var text = File.ReadAllText(file);
            File.WriteAllText(Path.Join(copy.Directory, "payloads", Path.GetFileName(file)), changePayload?.Invoke(text, number) ?? text);
        }

        var lines = File.ReadAllText(Path.Join(bundle, "trace.jsonl")).Split('\n');
        File.WriteAllText(Path.Join(copy.Directory, "trace.jsonl"), string.Join('\n', changeLines?.Invoke(lines) ?? lines));
        return copy;
    }

    /// <summary>Starts the root thread and a turn.</summary>
    public TestBundle WithTurn()
    {
        Append(new ThreadStartedEvent { ThreadId = Root, AgentPath = "/root" });
        Append(new CodexTurnStartedEvent { CodexTurnId = Turn, ThreadId = Root });
        return this;
    }

    public PayloadReference Payload(PayloadKind kind, string json)
    {
        var reference = PayloadReference.ForNumber(++payloads, kind);
        File.WriteAllText(Path.Join(Directory, reference.Path), json);
        return reference;
    }

    public TestBundle Append(RawEventPayload payload, string? thread = Root, string? turn = Turn) => Append(payload, thread, turn, span: null);

    /// <summary>An event of the root's turn that comes from a span.</summary>
    public TestBundle Append(RawEventPayload payload, EventSpan span) => Append(payload, Root, Turn, span);

    private TestBundle Append(RawEventPayload payload, string? thread, string? turn, EventSpan? span)
    {
        lines.Add(Text(
            new RawEvent
            {
                Seq = lines.Count + 1,
                WallTimeUnixMs = 1770000000000 + lines.Count,
                RolloutId = Root,
                ThreadId = thread,
                CodexTurnId = payload is ThreadStartedEvent ? null : turn,
                Payload = payload,
                Otel = span,
            }));
        return this;
    }

    private static string Text(RawEvent rawEvent)
    {
        using var utf8 = new MemoryStream();
        using (var json = new Utf8JsonWriter(utf8))
        {
            rawEvent.WriteTo(json);
        }

        return Encoding.UTF8.GetString(utf8.ToArray());
    }

    public TestBundle AppendLine(string line)
    {
        lines.Add(line);
        return this;
    }

    /// <summary>Starts another thread and a turn of it.</summary>
    public TestBundle WithTurn(string thread, string turn, string agentPath)
    {
        Append(new ThreadStartedEvent { ThreadId = thread, AgentPath = agentPath });
        return Append(new CodexTurnStartedEvent { CodexTurnId = turn, ThreadId = thread }, thread, turn);
    }

    /// <summary>A model request, sent and not answered.</summary>
    public TestBundle Request(string callId, string json, string thread = Root, string turn = Turn) => Append(
        new InferenceStartedEvent
        {
            InferenceCallId = callId,
            ThreadId = thread,
            CodexTurnId = turn,
            Model = "m",
            ProviderName = "p",
            RequestPayload = Payload(PayloadKind.InferenceRequest, json),
        },
        thread,
        turn);

    /// <summary>The response to a model request.</summary>
    public TestBundle Respond(string callId, string json, string? responseId = null) => Append(new InferenceCompletedEvent
    {
        InferenceCallId = callId,
        ResponseId = responseId,
        ResponsePayload = Payload(PayloadKind.InferenceResponse, json),
    });

    public ReductionResult Reduce(bool strict = false)
    {
        Write();
        return RolloutReducer.Reduce(Directory, new ReductionOptions { Strict = strict });
    }

    /// <summary>The bundle with what was appended so far.</summary>
    public BundleReader Open()
    {
        Write();
        return BundleReader.Open(Directory);
    }

    public string ReduceToJson(bool strict = false) => ToJson(Reduce(strict).Graph);

    public static string ToJson(RolloutGraph graph)
    {
        using var stream = new MemoryStream();
        graph.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void Write()
    {
        if (lines.Count > 0)
        {
            File.WriteAllLines(Path.Join(Directory, "trace.jsonl"), lines);
        }
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
