using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using RolloutTrace.Import;
using RolloutTrace.Packing;
using RolloutTrace.Receiver.Tests.Sending;

namespace RolloutTrace.Receiver.Tests;

/// <summary>Messages that come as log records are those of the spans for which they were logged, whatever comes first, over both protocols and as JSON.</summary>
public sealed class LoggedMessagesTests : IDisposable
{
    private const string Details = "gen_ai.client.inference.operation.details";
    private const string Early = "0102030405060708090a0b0c0d0e0f11";
    private const string Late = "0102030405060708090a0b0c0d0e0f12";

    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private string Store => Path.Join(directory, "store");

    private IReadOnlyList<string> Stored => Directory.Exists(Store) ? [.. Directory.EnumerateDirectories(Store).Where(static day => !day.EndsWith(".collect", StringComparison.Ordinal)).SelectMany(static day => Directory.EnumerateFiles(day, "*.rollout.tar.zst"))] : [];

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task AcrossAKill_BeforeAndBehindTheirSpans_InEveryEncoding_TheyAreTheSpans_AndALateOneReplacesTheRollout()
    {
        using (var process = await CollectProcess.StartAsync(Store))
        {
            // What has no span, no name or no ids of a span is a log record as any other.
            await SendAsync(process, "logs", Logs(Record(Early, "gen_ai.user.message", 5, """{"content":"Early?"}"""), Record(Early, "app.started", 6, """{"content":"no"}"""), Record("", "gen_ai.user.message", 7, """{"content":"of nothing"}""")));
            await SendAsync(process, "traces", Spans(Late));
            SendBySdk(process.Grpc, OtlpExportProtocol.Grpc, "grpc", logsFirst: true);
            SendBySdk(process.Http, OtlpExportProtocol.HttpProtobuf, "http", logsFirst: false);
            await process.KillAsync();
        }

        using var next = await CollectProcess.StartAsync(Store);
        await SendAsync(next, "traces", Spans(Early));
        (await next.EndAsync()).ShouldBe(0);

        using var again = await CollectProcess.StartAsync(Store, "--idle", "500ms");
        await CollectProcess.UntilAsync(() => Stored.Count == 4, () => $"{Stored.Count} were packed: {string.Join("; ", again.Said)}");
        Requests().ShouldBe(["no answer", "[\"Early?\"]", "[\"grpc?\"] [\"grpc.\"]", "[\"http?\"] [\"http.\"]"], ignoreOrder: true);

        var late = Logs(Record(Late, "gen_ai.user.message", 5, """{"content":"Late?"}"""), Record(Late, "gen_ai.choice", 25, """{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Late."}}"""));
        await SendAsync(again, "logs", late);
        await CollectProcess.UntilAsync(() => Requests().Contains("[\"Late?\"] [\"Late.\"]"), () => $"{string.Join("; ", Requests())}: {string.Join("; ", again.Said)}");
        Stored.Count.ShouldBe(4);
        var imported = Import(Spans(Late), late);
        Stored.ShouldContain(packed => SentRollout.AreSame(packed, imported));
        again.Said.ShouldBeEmpty();

        // Of those whose spans did not come it is told how many there are.
        var other = Late.Replace("12", "13", StringComparison.Ordinal);
        await SendAsync(again, "logs", Logs(Record(other, "gen_ai.user.message", 5, """{"content":"Nobody's?"}"""), Record(other, "gen_ai.user.message", 6, """{"content":"Nobody's."}""")));
        await CollectProcess.UntilAsync(() => Directory.GetFiles(Path.Join(Store, ".collect", "spans")).Length == 0, () => "it waits");
        (await again.EndAsync()).ShouldBe(0);
        again.Said.ShouldHaveSingleItem().ShouldContain($"2 messages that were logged for spans of trace {other}");
    }

    // What models were asked and what they answered, a rollout each.
    private List<string> Requests() => [.. Stored.Select(static path =>
    {
        using var packed = PackedBundle.Open(path);
        var texts = new List<string>();
        foreach (var member in new[] { "input", "output_items" })
        {
            var found = Payloads(packed).Select(payload => payload[member] as JsonArray).FirstOrDefault(static list => list is { Count: > 0 });
            if (found is not null)
            {
                texts.Add(new JsonArray([.. found.Select(static item => item!["content"]![0]!["text"]!.DeepClone())]).ToJsonString());
            }
        }

        return texts.Count == 0 ? "no answer" : string.Join(' ', texts);
    })];

    private static IEnumerable<JsonNode> Payloads(PackedBundle packed)
    {
        for (var i = 1; packed.Exists($"payloads/{i}.json"); i++)
        {
            using var file = packed.OpenRead($"payloads/{i}.json");
            yield return JsonNode.Parse(file)!;
        }
    }

    private string Import(params string[] documents)
    {
        var file = Path.Join(directory, "import.jsonl");
        File.WriteAllLines(file, documents.Select(static document => document.ReplaceLineEndings(" ")));
        return RolloutImport.Run([file], Path.Join(directory, "imported")).Rollouts.ShouldHaveSingleItem().Bundle;
    }

    private static void SendBySdk(string address, OtlpExportProtocol protocol, string word, bool logsFirst)
    {
        void Exporter(OtlpExporterOptions exporter, string path) =>
            (exporter.Protocol, exporter.Endpoint, exporter.TimeoutMilliseconds) = (protocol, new Uri(protocol == OtlpExportProtocol.Grpc ? address : $"{address}/v1/{path}"), 60_000);
        var name = $"logged-{word}";
        using var source = new ActivitySource(name);
        using var traces = Sdk.CreateTracerProviderBuilder().AddSource(name).AddOtlpExporter(exporter => Exporter(exporter, "traces")).Build();
        using var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options => options.AddOtlpExporter((exporter, processor) =>
        {
            // Nothing is sent before the end.
            Exporter(exporter, "logs");
            processor.BatchExportProcessorOptions.ScheduledDelayMilliseconds = 600_000;
        })));
        using (source.StartActivity("chat big", ActivityKind.Client)!.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", "big"))
        {
            List<KeyValuePair<string, object?>> attributes =
            [
                new("gen_ai.operation.name", "chat"),
                new("gen_ai.input.messages", $$"""[{"role":"user","parts":[{"type":"text","content":"{{word}}?"}]}]"""),
                new("gen_ai.output.messages", $$"""[{"role":"assistant","parts":[{"type":"text","content":"{{word}}."}],"finish_reason":"stop"}]"""),
            ];
            factory.CreateLogger("lib").Log(LogLevel.Information, new EventId(0, Details), attributes, null, static (_, _) => "");
            if (logsFirst)
            {
                factory.Dispose();
            }
        }

        traces.ForceFlush(60_000).ShouldBeTrue();
    }

    private async Task SendAsync(CollectProcess process, string signal, string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"{process.Http}/v1/{signal}", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("{}");
    }

    private static string Spans(string trace) => $$$"""
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"garden"}}]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[{"traceId":"{{{trace}}}","spanId":"0000000000000001",
         "name":"chat big","kind":3,"startTimeUnixNano":"1795165200000000000","endTimeUnixNano":"1795165200030000000","attributes":[
         {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"big"}}]}]}]}]}
        """;

    private static string Logs(params string[] records) =>
        $$$"""{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"scope":{"name":"lib"},"logRecords":[{{{string.Join(',', records)}}}]}]}]}""";

    private static string Record(string trace, string name, int at, string body) => new JsonObject
    {
        ["timeUnixNano"] = $"{1_795_165_200_000 + at}000000",
        ["traceId"] = trace,
        ["spanId"] = trace.Length == 0 ? "" : "0000000000000001",
        ["eventName"] = name,
        ["body"] = Value(JsonNode.Parse(body)!),
    }.ToJsonString();

    private static JsonObject Value(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject { ["kvlistValue"] = new JsonObject { ["values"] = new JsonArray([.. members.Select(static member => new JsonObject { ["key"] = member.Key, ["value"] = Value(member.Value!) })]) } },
        _ when node.GetValueKind() == System.Text.Json.JsonValueKind.Number => new JsonObject { ["intValue"] = $"{node}" },
        _ => new JsonObject { ["stringValue"] = $"{node}" },
    };
}
