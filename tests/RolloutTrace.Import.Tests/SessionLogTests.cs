using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Import.Tests;

/// <summary>Whole logs with what is right: what each model saw and answered, with what status, model and tokens, and what tools did.</summary>
public sealed class SessionLogTests
{
    private static readonly string Root = Path.Join(Path.GetDirectoryName(Here()), "SessionLogs");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Root).Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_log_gives_what_it_tells(string name)
    {
        using var directory = new ImportDirectory();
        var result = RolloutImport.Run([Path.Join(Root, name, "input")], directory.Output);
        var expected = JsonNode.Parse(File.ReadAllText(Path.Join(Root, name, "expected.json")))!;

        result.Diagnostics.ShouldBeEmpty();
        var rollouts = expected["rollouts"]!.AsArray();
        result.Rollouts.Count.ShouldBe(rollouts.Count);
        for (var i = 0; i < rollouts.Count; i++)
        {
            result.Rollouts[i].Format.ShouldBe(expected["format"]!.GetValue<string>());
            Compare(new ImportedSession(result.Rollouts[i].Bundle, result), rollouts[i]!);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_log_gives_the_same_bundle_byte_for_byte_wherever_it_lies(string name)
    {
        using var first = new ImportDirectory();
        using var second = new ImportDirectory();
        Copy(Path.Join(Root, name, "input"), first.Input, "a");
        Copy(Path.Join(Root, name, "input"), second.Input, "b/c/d");

        Snapshot(first).ShouldBe(Snapshot(second));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_was_put_aside_gives_the_same_bundle(string name)
    {
        using var first = new ImportDirectory();
        using var second = new ImportDirectory();
        Copy(Path.Join(Root, name, "input"), first.Input, "a");
        Copy(Path.Join(Root, name, "input"), second.Input, "a");
        var inMemory = Snapshot(first);
        RolloutImport.Run([second.Input], new ImportRun(second.Output, new ImportOptions()) { InMemory = 0 });

        Files(second).ShouldBe(inMemory);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Names_of_files_and_of_this_machine_are_not_in_the_bundle(string name)
    {
        using var directory = new ImportDirectory();
        Copy(Path.Join(Root, name, "input"), directory.Input, "elsewhere-12345");

        foreach (var (_, content) in Snapshot(directory))
        {
            content.ShouldNotContain("elsewhere-12345");
            content.ShouldNotContain(Environment.MachineName);
            content.ShouldNotContain(directory.Path);
        }
    }

    private static void Compare(ImportedSession session, JsonNode expected)
    {
        var requests = expected["requests"]!.AsArray();
        session.Requests.Count.ShouldBe(requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            var (request, found) = (requests[i]!, session.Requests[i]);
            session.Saw(i + 1).Select(Normal).ShouldBe(Texts(request["saw"]), $"saw of {request["id"]}");
            session.Answered(i + 1).Select(Normal).ShouldBe(Texts(request["answered"]), $"answer of {request["id"]}");
            found.Execution.Status.ToString().ToLowerInvariant().ShouldBe(request["status"]!.GetValue<string>());
            found.Model.ShouldBe(request["model"]!.GetValue<string>());
            var usage = request["usage"]!;
            session.Usage(i + 1).ShouldBe(string.Join(' ', new[] { "input", "cached", "cache_write", "output", "reasoning" }.Select(member => usage[member]?.GetValue<long>() ?? 0)));
            session.RequestPayload(i + 1).ShouldContain("\"reconstructed\":true");
            session.Given(i + 1).Instructions.ShouldBe(expected["instructions"]?.GetValue<string>());
        }

        session.Turns.Select(static turn => turn[(turn.IndexOf(' ', StringComparison.Ordinal) + 1)..]).ShouldBe(
            expected["threads"]!["main"]!["turns"]!.AsArray().Select(static turn => string.Join(' ', turn!.AsArray().Select(static id => id!.GetValue<string>()))));
        session.Graph.CodexTurns.Values.ShouldAllBe(static turn => turn.Execution.Status == ExecutionStatus.Completed);
        CompareTools(session, expected["tools"]!.AsArray());
        var window = expected["window_ms"]!.AsArray();
        session.Events.ShouldAllBe(e => e.WallTimeUnixMs >= window[0]!.GetValue<long>() && e.WallTimeUnixMs <= window[1]!.GetValue<long>());
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
        session.Anomalies.ShouldBe(session.Graph.ToolCalls.Values.Any(static tool => tool.Execution.Status == ExecutionStatus.Failed) ? ["call_failed"] : []);
        session.ReductionDiagnostics.ShouldBeEmpty();
    }

    private static void CompareTools(ImportedSession session, JsonArray expected)
    {
        session.Graph.ToolCalls.Count.ShouldBe(expected.Count);
        foreach (var tool in expected)
        {
            var found = session.Graph.ToolCalls.Values.Single(call => call.ModelVisibleCallId == tool!["id"]!.GetValue<string>());
            ((GenericSummary)found.Summary).Label.ShouldBe(tool!["name"]!.GetValue<string>());
            JsonSerializer.SerializeToNode(found.Kind)!["type"]!.GetValue<string>().ShouldBe(tool["kind"]!.GetValue<string>());
            found.Execution.Status.ToString().ToLowerInvariant().ShouldBe(tool["status"]!.GetValue<string>());
            session.Requests[int.Parse(tool["asked_by"]!.GetValue<string>()[1..], System.Globalization.CultureInfo.InvariantCulture) - 1].ToolCallIdsStartedByResponse.ShouldContain(found.ToolCallId);
            session.Item(found.ModelVisibleOutputItemIds.ShouldHaveSingleItem()).ShouldBe($"output {tool["id"]}: {tool["result"]}");
            var input = JsonNode.Parse(session.Payload(found.RawInvocationPayloadId!))!["payload"]!;
            if (tool["arguments"] is JsonObject arguments)
            {
                JsonNode.DeepEquals(JsonNode.Parse(input["arguments"]!.GetValue<string>()), arguments).ShouldBeTrue();
            }
            else
            {
                input["input"]!.GetValue<string>().ShouldBe(tool["arguments"]!.GetValue<string>());
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(static text => Normal(text!.GetValue<string>()));

    // Arguments are compared as JSON.
    private static string Normal(string item)
    {
        var start = item.IndexOf(" {", StringComparison.Ordinal);
        return item.StartsWith("call ", StringComparison.Ordinal) && start > 0 ? $"{item[..start]} {JsonNode.Parse(item[start..])!.ToJsonString()}" : item;
    }

    private static void Copy(string from, string to, string prefix)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Join(to, prefix, $"{prefix.Replace('/', '-')}{Path.GetFileName(file)}");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static List<(string Path, string Content)> Snapshot(ImportDirectory directory)
    {
        directory.Run().IsSound.ShouldBeTrue();
        return Files(directory);
    }

    private static List<(string Path, string Content)> Files(ImportDirectory directory) =>
        [.. Directory.GetFiles(directory.Output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (Path.GetRelativePath(directory.Output, file), File.ReadAllText(file)))];

    private static string Here([CallerFilePath] string file = "") => file;
}
