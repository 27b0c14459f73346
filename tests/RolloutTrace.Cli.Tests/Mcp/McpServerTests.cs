using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol;

namespace RolloutTrace.Cli.Tests.Mcp;

public sealed class McpServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("mcp", "--help").Describe());

    [Fact]
    public async Task ATool_TellsAModelAllThatItNeeds()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var tools = await server.Client.ListToolsAsync();

        var described = tools.Select(static tool => $"{tool.Name}: {tool.Title}\n{tool.Description}\n{tool.JsonSchema.GetProperty("properties").GetRawText().Replace("},\"", "},\n\"")}\nread-only: {tool.ProtocolTool.Annotations!.ReadOnlyHint}\n");
        Snapshot.Match(string.Join('\n', described.Prepend(server.Client.ServerInstructions + "\n")));
        tools.ShouldAllBe(static tool => !tool.JsonSchema.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void AnArgument_ThatWasCutWithinACharacter_IsAnswered()
    {
        directory.Copy("mixed-1001");
        var start = new ProcessStartInfo("dotnet", McpProcess.CommandLineOf(directory.Path)) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var server = Process.Start(start)!;

        server.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"\ud83d","version":"1"}}}""");
        server.StandardOutput.ReadLine()!.ShouldContain("\"serverInfo\"");
        server.StandardInput.WriteLine("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        server.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"explain","arguments":{"id":"a\ud83d"}}}""");

        var answer = JsonDocument.Parse(server.StandardOutput.ReadLine()!).RootElement.GetProperty("result");
        server.StandardInput.Close();
        server.WaitForExit(Patience).ShouldBeTrue();

        answer.GetProperty("isError").GetBoolean().ShouldBeTrue();
        answer.GetProperty("content")[0].GetProperty("text").GetString()!.ShouldStartWith("error: mixed-1001: nothing has the id ");
    }

    [Fact]
    public async Task ATool_ThatIsNone_IsRefusedWithThoseThatThereAre()
    {
        await using var server = await McpProcess.Start(directory.Path);

        var refused = await Should.ThrowAsync<McpException>(() => server.Ask("reduce"));

        refused.Message.ShouldContain("there is no tool 'reduce'; there are list, inspect, anomalies, transcript, explain, grep, context, cache");
    }

    [Fact]
    public async Task ARoot_ThatIsNotThereYet_IsLookedAtWhenItIs()
    {
        await using var server = await McpProcess.Start(directory.Place("later"));

        (await server.Ask("list"))["rollouts"]!.AsArray().ShouldBeEmpty();
        (await server.AskInVain("inspect")).ShouldBe($"error: there is no directory {directory.Place("later")} yet, where rollouts would be");
        Directory.CreateDirectory(directory.Place("later"));
        (await server.AskInVain("inspect")).ShouldBe($"error: there is no rollout in {directory.Place("later")} yet");
        directory.Copy("cell-wait", "later/1");

        (await server.Ask("inspect"))["rollout"]!.GetValue<string>().ShouldBe("1");
    }

    [Fact]
    public async Task AList_TellsWhatCannotBeRead_AndTakesFilters()
    {
        directory.Copy("mixed-1001", "sound");
        directory.Copy("cell-wait", "damaged");
        File.WriteAllText(Path.Join(directory.Place("damaged"), "manifest.json"), "{");
        await using var server = await McpProcess.Start(directory.Path);

        var all = (await server.AskForAll("list", "rollouts")).Entries;
        all.Select(entry => entry["rollout"]!.GetValue<string>()).ShouldBe(["sound", "damaged"]);
        all[1]["error"]!.GetValue<string>().ShouldContain("manifest.json");
        (await server.AskInVain("inspect", ("rollout", "damaged"))).ShouldContain("manifest.json");

        var status = all[0]["status"]!.GetValue<string>();
        var other = status == "completed" ? "failed" : "completed";
        (await server.Ask("list", ("status", status)))["rollouts"]!.AsArray().Count.ShouldBe(1);
        (await server.Ask("list", ("status", other)))["rollouts"]!.AsArray().ShouldBeEmpty();
        (await server.Ask("list", ("agent", "root"), ("text", all[0]["models"]![0]!.GetValue<string>().ToUpperInvariant())))["rollouts"]!.AsArray().Count.ShouldBe(1);
        (await server.Ask("list", ("text", "nowhere")))["rollouts"]!.AsArray().ShouldBeEmpty();
        (await server.Ask("list", ("until", "2001-01-01")))["rollouts"]!.AsArray().ShouldHaveSingleItem()!["rollout"]!.GetValue<string>().ShouldBe("damaged");
    }

    [Fact]
    public async Task ARollout_ThatGoesOn_IsReadAnew()
    {
        var bundle = directory.Copy("mixed-1001");
        var log = Path.Join(bundle, "trace.jsonl");
        var lines = File.ReadAllLines(log);
        File.WriteAllLines(log, lines[..(lines.Length / 2)]);
        await using var server = await McpProcess.Start(directory.Path);

        var half = (await server.Ask("inspect"))["total"]!.GetValue<int>();
        File.WriteAllLines(log, lines);
        var whole = (await server.Ask("inspect"))["total"]!.GetValue<int>();
        var again = (await server.Ask("inspect"))["total"]!.GetValue<int>();

        whole.ShouldBeGreaterThan(half);
        again.ShouldBe(whole);
    }

    [Fact]
    public async Task CallsAtOnce_AreEachAnswered()
    {
        directory.Copy("mixed-1001", "a");
        directory.Copy("mixed-1003", "b");
        await using var server = await McpProcess.Start(directory.Path);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.Ask("inspect", ("rollout", i % 2 == 0 ? "a" : "b"), ("limit", 1))));

        answers.Select(static answer => answer["rollout"]!.GetValue<string>()).ShouldBe(Enumerable.Range(0, 20).Select(static i => i % 2 == 0 ? "a" : "b"));
    }

    [Fact]
    public async Task ClosedStandardInput_EndsIt_AndItWritesNothingButTheProtocol()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", McpProcess.CommandLineOf(directory.Path))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        var answer = await process.StandardOutput.ReadLineAsync();

        process.StandardInput.Close();
        var rest = await process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);

        answer.ShouldNotBeNull().ShouldStartWith("{\"");
        rest.ShouldBe("");
        errors.ShouldBe("");
        process.ExitCode.ShouldBe(ExitCodes.Success);
    }

    [Fact]
    public void ARoot_ThatIsAFile_IsAnError()
    {
        File.WriteAllText(directory.Place("file"), "");

        CommandLine.Run("mcp", directory.Place("file")).ShouldBe(new CommandLine(ExitCodes.Failure, "", $"error: {directory.Place("file")}: is a file; give the directory that bundles lie in\n"));
    }
}
