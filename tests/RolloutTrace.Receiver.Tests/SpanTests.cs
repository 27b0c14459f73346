using System.Diagnostics;
using System.Net;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Import;
using RolloutTrace.Packing;
using RolloutTrace.Receiver.Tests.Sending;

namespace RolloutTrace.Receiver.Tests;

/// <summary>Spans of others become rollouts, as an import of a file with them does; those of ours do not.</summary>
public sealed class SpanTests : IDisposable
{
    private const string Trace = "0102030405060708090a0b0c0d0e0f10";

    private static readonly string[] Spans =
    [
        Span("01", null, "invoke_agent gardener", 0, 100, """{"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}},{"key":"gen_ai.agent.name","value":{"stringValue":"gardener"}}"""),
        Span("02", "01", "chat big", 10, 30, Chat("Is it dry?", "Yes.", "r-1")),
        Span("03", "01", "SELECT beds", 40, 45, """{"key":"db.system","value":{"stringValue":"sqlite"}}"""),
        Span("04", "03", "chat big", 60, 90, Chat("And now?", "No.", "r-2")),
    ];

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
    public async Task SpansThatComeOneByOne_AcrossKills_AreWhatAnImportGives_AndALateOneReplacesIt()
    {
        using (var process = await CollectProcess.StartAsync(Store))
        {
            await SendAsync(process, Spans[3]);
            await SendAsync(process, Spans[2], Spans[3]);
            await process.KillAsync();
        }

        using (var next = await CollectProcess.StartAsync(Store))
        {
            await SendAsync(next, Spans[0]);
            (await next.EndAsync()).ShouldBe(0);
        }

        using var again = await CollectProcess.StartAsync(Store, "--idle", "500ms");
        await CollectProcess.UntilAsync(() => Stored.Count == 1, () => $"nothing was packed: {string.Join("; ", again.Said)}");
        await ShouldBecomeAsync(again, Spans[0], Spans[2], Spans[3]);

        await SendAsync(again, Spans[1]);
        await ShouldBecomeAsync(again, Spans);
        (await again.EndAsync()).ShouldBe(0);
        again.Said.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task OfOpenTelemetrysExporter_OthersBecomeRollouts_AndOursDoNot(OtlpExportProtocol protocol)
    {
        using var process = await CollectProcess.StartAsync(Store, "--idle", "500ms");
        var name = $"test-{protocol}";
        using (var source = new ActivitySource(name))
        using (Sdk.CreateTracerProviderBuilder().AddSource(name).AddOtlpExporter(exporter =>
        {
            exporter.Protocol = protocol;
            exporter.Endpoint = new Uri(protocol == OtlpExportProtocol.Grpc ? process.Grpc : process.Http + "/v1/traces");
        }).Build())
        {
            using (var ours = source.StartActivity("invoke_agent ours")!)
            {
                ours.SetTag("gen_ai.operation.name", "invoke_agent").SetTag(RolloutAttributes.Id, "rollout-1");
                using var chat = source.StartActivity("chat", ActivityKind.Client)!;
                chat.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", "ours");
            }

            using var agent = source.StartActivity("invoke_agent theirs")!;
            agent.SetTag("gen_ai.operation.name", "invoke_agent").SetTag("gen_ai.agent.name", "theirs");
        }

        await CollectProcess.UntilAsync(() => Stored.Count > 0 && Directory.GetFiles(Path.Join(Store, ".collect", "spans")).Length == 0, () => $"nothing was packed: {string.Join("; ", process.Said)}");

        using var packed = PackedBundle.Open(Stored.ShouldHaveSingleItem());
        using var log = new StreamReader(packed.OpenRead(BundleLayout.EventLogFileName));
        (await log.ReadToEndAsync()).ShouldContain("theirs");
        (await process.EndAsync()).ShouldBe(0);
        process.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASpanThatCannotBeTaken_IsCounted_AndTheOthersAreTaken()
    {
        using var process = await CollectProcess.StartAsync(Store, "--idle", "300ms");

        var answer = await PostAsync(process, """{"name":"nothing"}""", Spans[0]);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ShouldContain("\"rejectedSpans\":\"1\"");
        await CollectProcess.UntilAsync(() => Stored.Count == 1, () => string.Join("; ", process.Said));
    }

    private static string Span(string id, string? parent, string name, int start, int end, string attributes) => $$$"""
        {"traceId":"{{{Trace}}}","spanId":"00000000000000{{{id}}}","parentSpanId":"{{{(parent is null ? "" : $"00000000000000{parent}")}}}",
         "name":"{{{name}}}","kind":1,"startTimeUnixNano":"{{{1_795_165_200_000 + start}}}000000","endTimeUnixNano":"{{{1_795_165_200_000 + end}}}000000","attributes":[{{{attributes}}}]}
        """;

    private static string Chat(string asked, string answered, string id) => $$$"""
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"big"}},{"key":"gen_ai.response.id","value":{"stringValue":"{{{id}}}"}},
        {"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"{{{asked}}}\"}]}]"}},
        {"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"{{{answered}}}\"}],\"finish_reason\":\"stop\"}]"}}
        """;

    private static string Export(params string[] spans) =>
        $$$"""{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"garden"}}]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[{{{string.Join(',', spans)}}}]}]}]}""";

    private async Task SendAsync(CollectProcess process, params string[] spans) => (await PostAsync(process, spans)).ShouldBe((HttpStatusCode.OK, "{}"));

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(CollectProcess process, params string[] spans)
    {
        using var content = new StringContent(Export(spans), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(process.Http + "/v1/traces", content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task ShouldBecomeAsync(CollectProcess process, params string[] spans)
    {
        var file = Path.Join(directory, $"{Guid.NewGuid():n}.json");
        File.WriteAllText(file, Export(spans).ReplaceLineEndings(" "));
        var imported = RolloutImport.Run([file], Path.Join(directory, Path.GetFileNameWithoutExtension(file))).Rollouts.ShouldHaveSingleItem().Bundle;
        await CollectProcess.UntilAsync(() => SentRollout.AreSame(Stored.Single(), imported), () => $"it is another: {string.Join("; ", process.Said)}");
    }
}
