using System.Net;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Joining;

/// <summary>Servers with <c>--joined</c>: a rollout over several processes is one, as it grows.</summary>
public sealed class ServeJoinedTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestDirectory directory = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, UseCookies = false }) { Timeout = Patience };

    public void Dispose()
    {
        http.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task TheList_HasAGroupAsOne_AndItsPageALaneForEachProcess()
    {
        Write([.. SeveralProcesses.All()]);
        using var server = await ServeProcess.StartAsync(directory.Path, "--joined");

        var list = await Get(server, "list");
        var entries = list["list"]!["bundles"]!.AsArray();
        var page = await Get(server, "data?name=recording-top");

        entries.Select(static entry => (Text(entry!, "bundle"), (int?)entry!["parts"])).ShouldBe([("recording-alone", null), ("recording-top", 4)]);
        list["list"]!["errors"]!.AsArray().ShouldBeEmpty();
        var group = entries[1]!;
        Text(group, "rollout_id").ShouldBe("top");
        Text(group, "status").ShouldBe("completed");
        group["agents"]!.AsArray().Select(static agent => (string?)agent).ShouldBe(["/root", "/root/middle", "/root/middle/below"]);
        ((int)group["requests"]!).ShouldBe(5);
        ((int)group["turns"]!).ShouldBe(4);
        ((int)group["tool_calls"]!).ShouldBe(2);
        page["threads"]!.AsArray().Select(static thread => Text(thread!, "agent_path")).ShouldBe(["/root", "/root/middle", "/root/middle/below"]);
        page["processes"]!.AsArray().Select(static process => (Text(process!, "rollout_id"), process!["recordings"]!.AsArray().Count)).ShouldBe([("top", 2), ("middle", 1), ("below", 1)]);
        page["requests"]!.AsArray().Count.ShouldBe(5);
        (await GetText(server, "evidence?name=recording-top")).Split("{\"schema_version\":").Length.ShouldBeGreaterThan(30);

        // By whichever of its bundles it is asked for, it is the whole.
        foreach (var part in new[] { "recording-below", "middle", "recording-top-again" })
        {
            (await Get(server, $"data?name={part}")).ToJsonString().ShouldBe(page.ToJsonString());
        }
    }

    [Fact]
    public async Task ACalleeThatAppearsAndGrows_IsOnThePageThatIsOpen()
    {
        Write(SeveralProcesses.Middle());
        using var server = await ServeProcess.StartAsync(directory.Path, "--joined");
        using var changes = await http.SendAsync(Request(server, "changes?name=recording-middle"), HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await changes.Content.ReadAsStreamAsync());
        await NextEvent(events);
        (await Agents()).ShouldBe(["/root"]);

        var below = SeveralProcesses.Below().Write(directory.Path);
        await Until(["/root", "/root/below"], requests: 3);
        var log = Path.Join(below, "trace.jsonl");
        var lines = File.ReadAllLines(log);
        File.WriteAllLines(log, lines[..3]);
        await Until(["/root", "/root/below"], requests: 2);
        Directory.Delete(below, recursive: true);
        await Until(["/root"], requests: 2);

        async Task Until(string[] agents, int requests)
        {
            using var limit = new CancellationTokenSource(Patience);
            while (true)
            {
                // What is there when the stream says so; several changes may be one.
                await NextEvent(events).WaitAsync(limit.Token);
                var page = await Get(server, "data?name=recording-middle");
                if (AgentsOf(page).SequenceEqual(agents) && page["requests"]!.AsArray().Count == requests)
                {
                    return;
                }
            }
        }

        async Task<IEnumerable<string?>> Agents() => AgentsOf(await Get(server, "data?name=recording-middle"));
    }

    [Fact]
    public async Task WhatCannotBeJoined_IsThereByItself_AndWhyIsSaid()
    {
        Write(
            SeveralProcesses.Top(),
            new ProcessBundle("two", caller: new() { RolloutId = "top", ThreadId = "top", ToolCallId = "none" }).Start(0).End(10),
            new ProcessBundle("three", caller: new() { RolloutId = "four" }).Start(0).End(10),
            new ProcessBundle("four", caller: new() { RolloutId = "three" }).Start(0).End(10));
        using var server = await ServeProcess.StartAsync(directory.Path, "--joined");

        var list = (await Get(server, "list"))["list"]!;

        list["bundles"]!.AsArray().Select(static entry => Text(entry!, "rollout_id")).ShouldBe(["four", "three", "top", "two"], ignoreOrder: true);
        list["errors"]!.AsArray().Select(static error => (string?)error).ShouldBe(
            [
                "recording-four: stays apart: the rollouts have called each other in a circle: four by three by four",
                "recording-three: stays apart: the rollouts have called each other in a circle: four by three by four",
                "recording-two: stays apart: its caller's tool call none does not exist in rollout top",
            ],
            ignoreOrder: true);
        AgentsOf(await Get(server, "data?name=recording-two")).ShouldBe(["/root"]);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task WhatWasJoined_IsGoneWhenItEnds(string signal)
    {
        Write([.. SeveralProcesses.All()]);
        var temporary = Directory.CreateTempSubdirectory("rollout-trace-tmp-");
        try
        {
            using var server = await ServeProcess.StartAsync(directory.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = temporary.FullName }, "--joined");
            await Get(server, "data?name=recording-top");
            temporary.GetDirectories("rollout-trace-joined-*").ShouldHaveSingleItem();

            var (exitCode, _) = await server.EndAsync(signal);

            exitCode.ShouldBe(ExitCodes.Success);
            temporary.GetFileSystemInfos("rollout-trace-*").ShouldBeEmpty();
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Mcp_AnswersAboutTheWhole()
    {
        Write([.. SeveralProcesses.All()]);
        await using var server = await Mcp.McpProcess.Start(directory.Path, "--joined");

        var list = await server.Ask("list");
        var inspect = await server.Ask("inspect", ("rollout", "recording-below"));

        list["rollouts"]!.AsArray().Select(static entry => (Text(entry!, "rollout"), (int?)entry!["parts"])).ShouldBe([("recording-alone", null), ("recording-top", 4)]);
        (await server.Ask("list", ("agent", "below")))["rollouts"]!.AsArray().Select(static entry => Text(entry!, "rollout")).ShouldBe(["recording-top"]);
        Text(inspect, "rollout").ShouldBe("recording-top");
        inspect.ToJsonString().ShouldContain("/root/middle/below");
        (await server.Ask("grep", ("pattern", "hardly begun"), ("rollout", "all")))["hits"]!.AsArray().ShouldHaveSingleItem()!["rollout"]!.GetValue<string>().ShouldBe("recording-top");
    }

    private static string? Text(JsonNode node, string member) => (string?)node[member];

    private static IEnumerable<string?> AgentsOf(JsonNode page) => page["threads"]!.AsArray().Select(static thread => Text(thread!, "agent_path"));

    private static async Task<string> NextEvent(StreamReader events)
    {
        while (await events.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line["data: ".Length..];
            }
        }

        throw new EndOfStreamException("no more events");
    }

    private static HttpRequestMessage Request(ServeProcess server, string place) => new(HttpMethod.Get, new Uri(server.Address, place)) { Headers = { { "Sec-Fetch-Site", "same-origin" } } };

    private void Write(params ReadOnlySpan<ProcessBundle> bundles)
    {
        foreach (var bundle in bundles)
        {
            bundle.Write(directory.Path);
        }
    }

    private async Task<JsonNode> Get(ServeProcess server, string place) => JsonNode.Parse(await GetText(server, place))!;

    private async Task<string> GetText(ServeProcess server, string place)
    {
        using var answer = await http.SendAsync(Request(server, place));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }
}
