namespace RolloutTrace.Cli.Tests.Mcp;

/// <summary>Names that a client gives lead nowhere but to rollouts below the root.</summary>
public sealed class McpSafetyTests : IDisposable
{
    private const string Inside = "mixed-1001";
    private const string Outside = "mixed-1003";

    private readonly TestDirectory root = new();
    private readonly TestDirectory elsewhere = new();

    public McpSafetyTests()
    {
        root.Copy(Inside);
        elsewhere.Copy(Outside);
    }

    public void Dispose()
    {
        root.Dispose();
        elsewhere.Dispose();
    }

    [Fact]
    public async Task AName_ThatLeadsOutOfTheRoot_MeansNothing()
    {
        var outside = elsewhere.Place(Outside);
        string[] names =
        [
            "..", ".", "/", "~", "../" + Outside, "./" + Inside, outside, outside + "/", Path.Join(outside, "manifest.json"), "file://" + outside, root.Place(Inside), root.Path,
            Path.GetRelativePath(root.Path, outside), $"{Inside}/../../{Path.GetFileName(elsewhere.Path)}/{Outside}", $"{Inside}/../{Inside}", "/etc/passwd", "*", "%2e%2e%2f" + Outside,
            $"{Inside}\0", "\u202e", "..\\" + Outside, new string('a', 100_000), "$(touch x)", "\n",
        ];
        await using var server = await McpProcess.Start(root.Path);

        foreach (var name in names)
        {
            (await server.AskInVain("inspect", ("rollout", name))).ShouldStartWith("error: ", Case.Sensitive, name);
            (await server.AskInVain("grep", ("rollout", name), ("pattern", "."))).ShouldStartWith("error: ", Case.Sensitive, name);
            (await server.AskInVain("inspect", ("rollout", "last"), ("cursor", "0 " + name))).ShouldStartWith("error: ", Case.Sensitive, name);
        }

        (await server.Ask("inspect", ("rollout", Inside)))["rollout"]!.GetValue<string>().ShouldBe(Inside);
    }

    [Fact]
    public async Task AnId_OfAnything_IsAnIdAndNoPath()
    {
        await using var server = await McpProcess.Start(root.Path);

        foreach (var id in new[] { "../payloads/1.json", "/etc/passwd", "\0", "'; --", new string('x', 50_000) })
        {
            (await server.AskInVain("explain", ("id", id))).ShouldStartWith($"error: {Inside}: nothing has the id ", Case.Sensitive, id);
            (await server.AskInVain("transcript", ("request", id))).ShouldStartWith($"error: {Inside}: has no request ", Case.Sensitive, id);
            (await server.AskInVain("context", ("thread", id))).ShouldStartWith($"error: {Inside}: has no thread ", Case.Sensitive, id);
            (await server.AskInVain("inspect", ("turn", id))).ShouldStartWith($"error: {Inside}: has no turn ", Case.Sensitive, id);
        }
    }

    [Fact]
    public async Task Links_BelowTheRoot_AreNotFollowed()
    {
        var outside = elsewhere.Place(Outside);
        Directory.CreateSymbolicLink(root.Place("link"), outside);
        Directory.CreateSymbolicLink(root.Place("all"), elsewhere.Path);
        LinkInside("manifest", "manifest.json");
        LinkInside("log", "trace.jsonl");
        LinkInside("payloads", "payloads");
        await using var server = await McpProcess.Start(root.Path);

        var listed = (await server.AskForAll("list", "rollouts")).Entries;
        var hits = (await server.AskForAll("grep", "hits", ("pattern", "."), ("rollout", "all"))).Entries;

        listed.Where(entry => !entry.ContainsKey("error")).Select(entry => entry["rollout"]!.GetValue<string>()).ShouldBe([Inside]);
        hits.Select(hit => hit["rollout"]!.GetValue<string>()).Distinct().ShouldBeSubsetOf([Inside, "with-linked-payloads"]);
        hits.Where(hit => hit["rollout"]!.GetValue<string>() == "with-linked-payloads").ShouldAllBe(hit => !hit["part"]!.GetValue<string>().StartsWith("payloads") && hit["part"]!.GetValue<string>() != "text");
        foreach (var name in new[] { "link", "all", "all/" + Outside, "link/" })
        {
            (await server.AskInVain("inspect", ("rollout", name))).ShouldContain("there is no rollout", Case.Sensitive, name);
        }
    }

    [Fact]
    public async Task Arguments_OfAnotherKindOrName_AreRefusedInWords()
    {
        await using var server = await McpProcess.Start(root.Path);

        (await server.AskInVain("inspect", ("depth", "many"))).ShouldBe("error: 'depth' takes a whole number from 1 to 1000, not \"many\"");
        (await server.AskInVain("inspect", ("depth", 0))).ShouldBe("error: 'depth' takes a whole number from 1 to 1000, not 0");
        (await server.AskInVain("inspect", ("failed", "perhaps"))).ShouldBe("error: 'failed' takes true or false, not \"perhaps\"");
        (await server.AskInVain("inspect", ("rollout", new[] { Inside }))).ShouldBe($"error: 'rollout' takes a text, not [\"{Inside}\"]");
        (await server.AskInVain("list", ("status", "fine"))).ShouldBe("error: 'status' takes one of completed, failed, aborted, running, cut, died, unended, not \"fine\"");
        (await server.AskInVain("list", ("since", "yesterday"))).ShouldBe("error: 'since' takes a date or time such as 2026-02-01 or 2026-02-01T12:30:00Z, not 'yesterday'");
        (await server.AskInVain("list", ("path", "/"))).ShouldStartWith("error: there is no parameter 'path'; there are text, status, ");
        (await server.AskInVain("list", ("cursor", "2"))).ShouldStartWith("error: '2' is no cursor that this tool gave");
        (await server.AskInVain("inspect", ("cursor", "99999999999999999999 x"))).ShouldStartWith("error: '99999999999999999999 x' is no cursor that this tool gave");
        (await server.AskInVain("explain")).ShouldStartWith("error: 'id' is missing: ");
        (await server.AskInVain("transcript", ("new", true))).ShouldBe("error: 'new' and 'tools' are about one request: give 'request' too");
        (await server.AskInVain("grep", ("pattern", "("))).ShouldStartWith("error: 'pattern' is no regular expression: ");

        // What is long is not said again whole.
        (await server.AskInVain("explain", ("id", new string('x', 100_000)))).ShouldBe($"error: {$"{Inside}: nothing has the id {new string('x', 100_000)}"[..3_999]}…");
    }

    [Fact]
    public async Task APatternThatTakesForEver_IsGivenUp()
    {
        using var bundle = new TestBundle();
        bundle.Append(new RolloutTrace.Bundle.ThreadStartedEvent { ThreadId = TestBundle.Root, AgentPath = "/" + new string('a', 200) }, turn: null).Open();
        await using var server = await McpProcess.Start(bundle.Directory);

        (await server.AskInVain("grep", ("pattern", "(a+)+b"))).ShouldBe("error: the pattern takes too long on one line: make it simpler, or set 'fixed' to look for plain text");
        (await server.Ask("grep", ("pattern", "(a+)+b"), ("fixed", true)))["total"]!.GetValue<int>().ShouldBe(0);
    }

    private void LinkInside(string name, string file)
    {
        var bundle = root.Copy(Inside, "with-linked-" + name);
        var place = Path.Join(bundle, file);
        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
            Directory.CreateSymbolicLink(place, Path.Join(elsewhere.Place(Outside), file));
        }
        else
        {
            File.Delete(place);
            File.CreateSymbolicLink(place, Path.Join(elsewhere.Place(Outside), file));
        }
    }
}
