using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests.Mcp;

/// <summary>Servers list from what <c>list</c> has kept, and keep nothing themselves.</summary>
public sealed class McpListTests : IDisposable
{
    private static readonly DateTimeOffset LongAfter = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTime LongAgo = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TestDirectory directory = new();
    private readonly string bundle;

    public McpListTests()
    {
        bundle = directory.Copy("multi-1007", "a");
        foreach (var file in Directory.GetFiles(bundle))
        {
            File.SetLastWriteTimeUtc(file, LongAgo);
        }
    }

    private string Kept => Path.Join(bundle, ".overview.json");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task List_WritesNothing()
    {
        var before = Directory.GetFiles(directory.Path, "*", SearchOption.AllDirectories);
        await using var server = await McpProcess.Start(directory.Path);

        await server.Ask("list");
        await server.Ask("list", ("status", "completed"));

        Directory.GetFiles(directory.Path, "*", SearchOption.AllDirectories).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task ARoot_ThatIsNotThereYet_IsSaid()
    {
        await using var server = await McpProcess.Start(directory.Place("later"));

        var before = await server.Ask("list");
        before["missing"]!.GetValue<string>().ShouldBe($"there is no directory {directory.Place("later")} yet, where rollouts would be");
        before["rollouts"]!.AsArray().Count.ShouldBe(0);
        (await server.AskInVain("inspect")).ShouldContain($"there is no directory {directory.Place("later")} yet");

        directory.Copy("multi-1007", "later/a");
        var after = await server.Ask("list");
        after["missing"].ShouldBeNull();
        after["rollouts"]!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task WhatListHasKept_IsWhatServersList()
    {
        CommandLine.Run(LongAfter, "list", directory.Path).ExitCode.ShouldBe(0);

        // Only what is kept can say this.
        File.WriteAllText(Kept, File.ReadAllText(Kept).Replace("\"turns\":", "\"turns\":7", StringComparison.Ordinal));
        await using var server = await McpProcess.Start(directory.Path);
        using var site = await ServeProcess.StartAsync(directory.Path);
        using var http = new HttpClient();

        var listed = (await server.Ask("list"))["rollouts"]![0]!;
        var turns = listed["turns"]!.ToJsonString();

        turns.ShouldStartWith("7");
        (await http.GetStringAsync(new Uri(site.Address, "list"))).ShouldContain($"\"turns\":{turns}");
        (await server.Ask("list", ("status", listed["status"]!.GetValue<string>())))["rollouts"]![0]!["turns"]!.ToJsonString().ShouldBe(turns);
    }
}
