using System.Diagnostics;
using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace QuickStart.Tests;

/// <summary>A receiver that is not ours: what it was sent is read back from it.</summary>
[Collection(nameof(RecordedRun))]
public sealed class DashboardTests(RecordedRun run)
{
    [DashboardFact]
    public async Task Aspires_dashboard_has_every_span_as_it_was_sent()
    {
        await using var dashboard = await Dashboard.StartAsync();
        using var client = new HttpClient();
        var spans = RolloutSpans.Of(OpenRollout.Open(BundleReader.Open(run.Bundle)));

        var overGrpc = await ExportAsync(run.Bundle, "--endpoint", dashboard.Grpc, "--protocol", "grpc");
        var again = await ExportAsync(run.Bundle, "--endpoint", dashboard.Http);
        var stored = SpansOf(JsonNode.Parse(await client.GetStringAsync($"{dashboard.Page}/api/telemetry/spans?limit=100000"))!);
        var overHttp = await ExportAsync(run.Bundle, "--endpoint", dashboard.Http, "--new-ids", "again", "--content");
        var all = SpansOf(JsonNode.Parse(await client.GetStringAsync($"{dashboard.Page}/api/telemetry/spans?limit=100000"))!);

        overGrpc.ShouldBe((0, $"{spans.Count} spans sent\n"));
        again.ShouldBe((2, $"{spans.Count} spans sent, {spans.Count} refused: the receiver does not say why\n"));
        stored.Keys.ShouldBe(spans.Select(span => span.Reference.SpanId), ignoreOrder: true);
        foreach (var span in spans)
        {
            var back = stored[span.Reference.SpanId];
            back["traceId"]!.GetValue<string>().ShouldBe(span.Reference.TraceId);
            back["parentSpanId"]?.GetValue<string>().ShouldBe(span.Parent?.SpanId);
            back["name"]!.GetValue<string>().ShouldBe(span.Name);
            AttributesOf(back).ShouldBe(span.Attributes.Keys, ignoreOrder: true);
            (back["links"]?.AsArray() ?? []).Select(link => link!["spanId"]!.GetValue<string>()).ShouldBe(span.Links.Select(link => link.Target.SpanId));
        }

        overHttp.ShouldBe((0, $"{spans.Count} spans sent\n"));
        all.Count.ShouldBe(2 * spans.Count);
        all.Where(span => !stored.ContainsKey(span.Key)).SelectMany(span => AttributesOf(span.Value)).ShouldContain("gen_ai.input.messages");
    }

    private static Dictionary<string, JsonNode> SpansOf(JsonNode answer) => answer["data"]!["resourceSpans"]!.AsArray()
        .SelectMany(resource => resource!["scopeSpans"]!.AsArray())
        .SelectMany(scope => scope!["spans"]!.AsArray())
        .ToDictionary(span => span!["spanId"]!.GetValue<string>(), span => span!);

    private static IEnumerable<string> AttributesOf(JsonNode span) =>
        span["attributes"]!.AsArray().Select(pair => pair!["key"]!.GetValue<string>()).Where(key => !key.StartsWith("aspire.", StringComparison.Ordinal));

    private static async Task<(int ExitCode, string Output)> ExportAsync(string bundle, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Join(AppContext.BaseDirectory, "rollout-trace.dll"), "export", "otlp", bundle, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
