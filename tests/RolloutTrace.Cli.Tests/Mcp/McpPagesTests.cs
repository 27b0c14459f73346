using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Mcp;

/// <summary>What a client gets page by page is what the command of the same name prints at once.</summary>
public sealed class McpPagesTests : IDisposable
{
    private const string Case = "mixed-1001";

    private readonly TestDirectory directory = new();

    public McpPagesTests() => directory.Copy(Case);

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Inspect_HasEachNodeInItsOrderAndAtItsLevel()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var (nodes, pages) = await server.AskForAll("inspect", "nodes", ("limit", 3));

        var whole = Flattened(Printed("inspect")["nodes"]!.AsArray(), 0).ToList();
        nodes.Select(node => (node["level"]!.GetValue<int>(), node["id"]!.GetValue<string>(), node["kind"]!.GetValue<string>())).ShouldBe(whole);
        pages.ShouldBe((whole.Count + 2) / 3);
    }

    [Fact]
    public async Task Inspect_TakesDepthFailuresAndTheSlowest()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var shallow = (await server.AskForAll("inspect", "nodes", ("depth", 2))).Entries;
        var slowest = (await server.AskForAll("inspect", "nodes", ("slowest", "2"))).Entries;

        shallow.Select(node => node["id"]!.GetValue<string>()).ShouldBe(Flattened(Printed("inspect", "--depth", "2")["nodes"]!.AsArray(), 0).Select(node => node.Id));
        slowest.Select(node => node["id"]!.GetValue<string>()).ShouldBe(Flattened(Printed("inspect", "--slowest", "2")["nodes"]!.AsArray(), 0).Select(node => node.Id));
        slowest.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Anomalies_HasEachFinding()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var (findings, pages) = await server.AskForAll("anomalies", "anomalies", ("limit", 1));

        var whole = Printed("anomalies")["anomalies"]!.AsArray();
        findings.Select(finding => $"{finding["code"]} {finding["subject"]} {finding["message"]}").ShouldBe(whole.Select(finding => $"{finding!["code"]} {finding["subject"]} {finding["message"]}"));
        pages.ShouldBe(whole.Count);
    }

    [Fact]
    public async Task Transcript_OfAThread_HasEachTextAndEachRequest()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var (entries, pages) = await server.AskForAll("transcript", "entries", ("max_chars", 1000));

        var whole = Printed("transcript");
        Texts(entries).ShouldBe(whole["entries"]!.AsArray().Where(entry => entry!["compaction_id"] is null).Select(entry => entry!["text"]!.GetValue<string>()));
        entries.Where(entry => entry["entry"]!.GetValue<string>() == "request").Select(entry => entry["id"]!.GetValue<string>())
            .ShouldBe(whole["requests"]!.AsArray().Select(request => request!["inference_call_id"]!.GetValue<string>()));
        pages.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Transcript_OfARequest_BeginsWithWhatItGaveAndHasItsItems()
    {
        await using var server = await McpProcess.Start(directory.Path);
        var request = Printed("transcript")["requests"]![1]!["inference_call_id"]!.GetValue<string>();

        var whole = (await server.AskForAll("transcript", "entries", ("request", request))).Entries;
        var added = (await server.AskForAll("transcript", "entries", ("request", request), ("new", true))).Entries;

        Texts(whole).ShouldBe(Printed("transcript", "--at", request)["entries"]!.AsArray().Select(entry => entry!["text"]!.GetValue<string>()));
        Texts(added).ShouldBe(Printed("transcript", "--at", request, "--new")["entries"]!.AsArray().Select(entry => entry!["text"]!.GetValue<string>()));
        added.Count.ShouldBeLessThan(whole.Count);
    }

    [Fact]
    public async Task Explain_HasEachStep()
    {
        await using var server = await McpProcess.Start(directory.Path);
        var tool = Flattened(Printed("inspect")["nodes"]!.AsArray(), 0).First(node => node.Kind == "tool_call").Id;

        var (steps, pages) = await server.AskForAll("explain", "steps", ("id", tool), ("limit", 1));

        steps.Select(step => step["text"]!.GetValue<string>())
            .ShouldBe(Printed("explain", tool)["explanations"]![0]!["steps"]!.AsArray().Select(step => step!["text"]!.GetValue<string>()));
        pages.ShouldBe(steps.Count);
    }

    [Fact]
    public async Task Grep_HasEachHit()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var (hits, pages) = await server.AskForAll("grep", "hits", ("pattern", "E"), ("ignore_case", true), ("limit", 7));

        var whole = Grepped("E", "-i");
        hits.Select(Place).ShouldBe(whole.Select(Place));
        pages.ShouldBe((whole.Count + 6) / 7);
    }

    [Fact]
    public async Task Context_HasWhatFillsItAndHowItGrew()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var first = await server.Ask("context", ("limit", 2));
        var growth = (await server.AskForAll("context", "growth", ("limit", 2))).Entries;

        var whole = Printed("context");
        first["origins"]!.AsArray().Select(origin => origin!["bytes"]!.GetValue<long>()).ShouldBe(whole["origins"]!.AsArray().Select(origin => origin!["bytes"]!.GetValue<long>()));
        growth.Select(step => step["inference_call_id"]!.GetValue<string>()).ShouldBe(whole["growth"]!.AsArray().Select(step => step!["inference_call_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Cache_HasEachRequestThatSaysItsTokens()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var requests = (await server.AskForAll("cache", "requests", ("all", true), ("limit", 1))).Entries;

        requests.Select(request => request["inference_call_id"]!.GetValue<string>())
            .ShouldBe(Printed("cache")["requests"]!.AsArray().Select(request => request!["inference_call_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task ALongText_GoesOnOverPages_AndNoCharacterIsCut()
    {
        var text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i} 🌵 "));
        using var bundle = Said(text);
        await using var server = await McpProcess.Start(bundle.Directory);

        var (entries, pages) = await server.AskForAll("transcript", "entries", ("max_chars", 1000));

        Texts(entries).First().ShouldBe(text);
        entries.ShouldAllBe(entry => !entry.ContainsKey("text") || entry["text"]!.GetValue<string>().Length <= 1001);
        pages.ShouldBeGreaterThan(text.Length / 1001);
    }

    [Fact]
    public async Task AList_IsAsLongAsThereAreRollouts_NewestFirst_AndNewOnesDoNotMoveItsPages()
    {
        var names = Enumerable.Range(0, 60).Select(i => $"many/{i:00}").ToList();
        names.ForEach(name => Minimal(name, startedAtUnixMs: 1_760_000_000_000 + name.GetHashCode(StringComparison.Ordinal) % 3));
        await using var server = await McpProcess.Start(directory.Place("many"));

        var first = await server.Ask("list", ("limit", 25));
        Minimal("many/new", startedAtUnixMs: 1_790_000_000_000);
        var second = await server.Ask("list", ("limit", 25), ("cursor", first["next"]!.GetValue<string>()));
        var third = await server.Ask("list", ("limit", 25), ("cursor", second["next"]!.GetValue<string>()));
        var anew = (await server.AskForAll("list", "rollouts", ("limit", 7))).Entries;

        var listed = new[] { first, second, third }.SelectMany(page => page["rollouts"]!.AsArray()).Select(entry => entry!["rollout"]!.GetValue<string>()).ToList();
        listed.Order(StringComparer.Ordinal).ShouldBe(names.Select(name => name[5..]));
        third["next"].ShouldBeNull();
        anew.Select(entry => entry["rollout"]!.GetValue<string>()).ShouldBe(["new", .. listed]);
        anew.Select(entry => entry["started_at"]!.GetValue<string>()).ShouldBe(anew.Select(entry => entry["started_at"]!.GetValue<string>()).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Grep_OfAllRollouts_HasTheHitsOfEach()
    {
        directory.Copy("mixed-1003");
        directory.Copy("cell-wait");
        await using var server = await McpProcess.Start(directory.Path);

        var hits = (await server.AskForAll("grep", "hits", ("pattern", "e"), ("rollout", "all"), ("limit", 9))).Entries;

        foreach (var name in new[] { Case, "mixed-1003", "cell-wait" })
        {
            hits.Where(hit => hit["rollout"]!.GetValue<string>() == name).Select(Place).ShouldBe(Grepped("e", of: name).Select(Place));
        }
    }

    [Fact]
    public async Task TheNewestRollout_IsTheSameOneOnItsLaterPages()
    {
        await using var server = await McpProcess.Start(directory.Path);
        var first = await server.Ask("inspect", ("limit", 1));

        Minimal("newer", startedAtUnixMs: 1_790_000_000_000);
        var second = await server.Ask("inspect", ("limit", 1), ("cursor", first["next"]!.GetValue<string>()));
        var anew = await server.Ask("inspect", ("limit", 1));

        second["rollout"]!.GetValue<string>().ShouldBe(Case);
        anew["rollout"]!.GetValue<string>().ShouldBe("newer");
    }

    private static IEnumerable<(int Level, string Id, string Kind)> Flattened(JsonArray nodes, int level) => nodes.SelectMany(node =>
        Flattened(node!["children"]!.AsArray(), level + 1).Prepend((level, node["id"]!.GetValue<string>(), node["kind"]!.GetValue<string>())));

    private static string Place(JsonNode hit) => $"{hit["id"]} {hit["part"]} {hit["line"]} {hit["text"]}";

    // Pieces of one text follow one another.
    private static List<string> Texts(IEnumerable<JsonObject> entries)
    {
        var texts = new List<string>();
        foreach (var entry in entries.Where(static entry => entry["entry"]!.GetValue<string>() == "item"))
        {
            var text = entry["text"]?.GetValue<string>() ?? "";
            if (entry["text_from"] is { } from && from.GetValue<int>() > 0)
            {
                texts[^1].Length.ShouldBe(from.GetValue<int>());
                texts[^1] += text;
            }
            else
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    private static TestBundle Said(string text)
    {
        var bundle = new TestBundle().WithTurn();
        var request = bundle.Payload(RolloutTrace.Bundle.PayloadKind.InferenceRequest, new JsonObject
        {
            ["input"] = new JsonArray(new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = text }),
        }.ToJsonString());
        bundle.Append(new RolloutTrace.Bundle.InferenceStartedEvent { InferenceCallId = "request-1", ThreadId = TestBundle.Root, CodexTurnId = TestBundle.Turn, Model = "m", ProviderName = "p", RequestPayload = request });
        bundle.Open();
        return bundle;
    }

    private JsonNode Printed(string command, params string[] options) =>
        JsonNode.Parse(CommandLine.Run([command, directory.Place(Case), .. options, "--json"]).Out)!["bundles"]![0]!["result"]!;

    private List<JsonNode> Grepped(string pattern, string? option = null, string of = Case) =>
        [.. JsonNode.Parse(CommandLine.Run(["grep", pattern, directory.Place(of), .. option is null ? Array.Empty<string>() : [option], "--json"]).Out)!["bundles"]![0]!["result"]!["hits"]!.AsArray().Select(static hit => hit!)];

    private void Minimal(string name, long startedAtUnixMs)
    {
        Directory.CreateDirectory(directory.Place(name));
        File.WriteAllText(Path.Join(directory.Place(name), "trace.jsonl"), "");
        File.WriteAllText(
            Path.Join(directory.Place(name), "manifest.json"),
            $$"""{"schema_version":1,"trace_id":"t-{{name}}","rollout_id":"r-{{name}}","root_thread_id":"r-{{name}}","started_at_unix_ms":{{startedAtUnixMs}},"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""");
    }
}
