using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>What programs and people with little room go by: short options, pages, ids that every command takes.</summary>
public sealed class ForProgramsTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("list {0}")]
    [InlineData("inspect {0}")]
    [InlineData("anomalies {0}")]
    [InlineData("transcript {0}")]
    [InlineData("context {0}")]
    [InlineData("cache {0}")]
    [InlineData("explain {0} /root")]
    [InlineData("grep -F e {0}")]
    [InlineData("validate {0}")]
    [InlineData("reduce {0} -o {1}")]
    [InlineData("export otlp-json {0} -o {1}")]
    public void Json_IsShortForTheFormat_AndSaysItsVersion(string commandLine)
    {
        string[] arguments = string.Format(null, commandLine, TestDirectory.CaseBundle("mixed-1001"), directory.Place("out")).Split(' ');

        var run = CommandLine.Run([.. arguments, "--json"]);

        run.Out.ShouldBe(CommandLine.Run([.. arguments, "--format", "json"]).Out);
        JsonNode.Parse(run.Out)!["answer_version"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public void APageOfHits_SaysWhatIsLeft_AndPagesTogetherAreAll()
    {
        var bundle = TestDirectory.CaseBundle("mixed-1001");
        string[] Hits(params string[] options) => [.. JsonNode.Parse(CommandLine.Run(["grep", "-F", "e", bundle, "--json", .. options]).Out)!["bundles"]![0]!["result"]!["hits"]!.AsArray().Select(hit => hit!.ToJsonString())];
        var all = Hits();
        all.Length.ShouldBeGreaterThan(10);

        string[] pages = [.. Hits("--limit", "4"), .. Hits("--limit", "4", "--offset", "4"), .. Hits("--offset", "8")];

        pages.ShouldBe(all);
        CommandLine.Run("grep", "-F", "e", bundle, "--limit", "4").Out.ShouldContain($"\n1 to 4 (--offset 4 shows the next) of {all.Length} hits\n");
        CommandLine.Run("grep", "-F", "e", bundle, "--limit", "4", "--offset", $"{all.Length - 2}").Out.ShouldContain($"\nthe last 2 of {all.Length} hits\n");
        CommandLine.Run("grep", "-F", "e", bundle, "--offset", "1000000").ExitCode.ShouldBe(ExitCodes.Success);
    }

    [Theory]
    [InlineData("grep -F e", "hits")]
    [InlineData("anomalies", "anomalies")]
    [InlineData("transcript", "entries")]
    [InlineData("transcript --thread /root", "entries", "requests")]
    [InlineData("cache", "requests")]
    public void PagesOfJson_EachFromWhereTheOneBeforeSays_AreAll(string command, string list, string? beside = null)
    {
        foreach (var bundle in TestDirectory.CaseNames.Where(name => name.StartsWith("mixed-", StringComparison.Ordinal)).Take(2).Select(TestDirectory.CaseBundle).Concat(FieldCase.Names.Select(FieldCase.Bundle)))
        {
            var whole = Answer(bundle, []);
            List<string> pages = [];
            List<string> besides = [];
            for (int? offset = 0; offset is { } from;)
            {
                var part = Answer(bundle, ["--limit", "3", "--offset", $"{from}"]);
                part["total"]!.GetValue<int>().ShouldBe(whole[list]!.AsArray().Count);
                pages.AddRange(Texts(part, list));
                besides.AddRange(beside is null ? [] : Texts(part, beside));
                offset = part["next_offset"]?.GetValue<int>();
            }

            pages.ShouldBe(Texts(whole, list));
            besides.ShouldBe(beside is null ? [] : Texts(whole, beside));
            whole["next_offset"].ShouldBeNull();
            Answer(bundle, ["--offset", "1000000"])["next_offset"].ShouldBeNull();
        }

        JsonNode Answer(string bundle, string[] page) => JsonNode.Parse(CommandLine.Run([.. command.Split(' '), bundle, "--json", .. page]).Out)!["bundles"]![0]!["result"]!;

        static IReadOnlyList<string> Texts(JsonNode answer, string list) => [.. answer[list]!.AsArray().Select(entry => entry!.ToJsonString())];
    }

    [Fact]
    public void APageOfFindings_StillSaysByItsExitCodeThatThereAreSome()
    {
        var bundle = FieldCase.Names.Select(FieldCase.Bundle).First(bundle => CommandLine.Run("anomalies", bundle).ExitCode == ExitCodes.Findings);

        var behind = CommandLine.Run("anomalies", bundle, "--offset", "1000");
        behind.ExitCode.ShouldBe(ExitCodes.Findings);
        behind.Out.ShouldStartWith("none left behind the first 1,000, of ");
        CommandLine.Run("anomalies", bundle, "--limit", "1", "--json").ExitCode.ShouldBe(ExitCodes.Findings);
    }

    [Fact]
    public void APageOfRollouts_CountsAll()
    {
        foreach (var name in (string[])["1", "2", "3"])
        {
            directory.Copy("cell-wait", name);
        }

        var answer = JsonNode.Parse(CommandLine.Run("list", directory.Path, "--json", "--limit", "1", "--offset", "1").Out)!;

        answer["total"]!.GetValue<int>().ShouldBe(3);
        answer["bundles"]!.AsArray().ShouldHaveSingleItem()!["bundle"]!.GetValue<string>().ShouldBe(directory.Place("2"));
    }

    [Fact]
    public void SeveralIds_AreExplainedByTheBundlesThatKnowThem()
    {
        directory.Copy("mixed-1001", "1");
        directory.Copy("cell-wait", "2");
        var (first, second) = (RequestOf("1"), RequestOf("2"));

        var both = CommandLine.Run("explain", directory.Path, first, second);
        var one = CommandLine.Run("explain", directory.Path, first);
        var unknown = CommandLine.Run("explain", directory.Path, first, "no-such-id");
        var ofOne = CommandLine.Run("explain", directory.Place("1"), first, "no-such-id");

        both.ExitCode.ShouldBe(ExitCodes.Success, both.Error);
        both.Out.ShouldContain(directory.Place("1"));
        both.Out.ShouldContain(directory.Place("2"));
        one.ExitCode.ShouldBe(ExitCodes.Success, one.Error);
        one.Out.ShouldNotContain(directory.Place("2"));
        unknown.ExitCode.ShouldBe(ExitCodes.Failure);
        unknown.Error.ShouldBe("error: none of the bundles has the id no-such-id, or it means more than one thing in those that do\n");
        ofOne.ExitCode.ShouldBe(ExitCodes.Failure);
        ofOne.Out.ShouldContain(first);
        ofOne.Error.ShouldBe("error: nothing has the id no-such-id, nor an id that contains it\n");
    }

    [Fact]
    public void TheWordForAKind_MeansTheOneThatThereIs_AndListsThemWhereThereAreSeveral()
    {
        var compactions = TestDirectory.CaseNames.Where(static name => !name.StartsWith("broken-", StringComparison.Ordinal))
            .Select(static name => (Bundle: TestDirectory.CaseBundle(name), Ids: IdsIn(TestDirectory.CaseBundle(name)))).ToList();
        var one = compactions.First(static found => found.Ids.Length == 1);
        var several = compactions.First(static found => found.Ids.Length is > 1 and < 20);
        var none = compactions.First(static found => found.Ids.Length == 0);

        CommandLine.Run("explain", one.Bundle, "compaction").Out.ShouldBe(CommandLine.Run("explain", one.Bundle, one.Ids[0]).Out);
        var listed = CommandLine.Run("explain", several.Bundle, "compaction");
        listed.ExitCode.ShouldBe(ExitCodes.Failure);
        listed.Error.ShouldBe($"error: {several.Bundle}: there are several of that kind, compaction: {string.Join(", ", several.Ids)}\n");
        CommandLine.Run("explain", none.Bundle, "compaction").Error.ShouldContain("nothing has the id compaction");

        static string[] IdsIn(string bundle) => [.. RolloutTrace.Reducer.RolloutReducer.Reduce(RolloutTrace.Bundle.BundleReader.Open(bundle)).Graph.Compactions.Keys];
    }

    [Fact]
    public void AnAmbiguousId_ListsWhatItMayMeanWithItsKind()
    {
        var run = CommandLine.Run("explain", TestDirectory.CaseBundle("mixed-1001"), "call");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain("more than one id contains call: ");
        run.Error.ShouldMatch(@" \((tool call|turn|request|item|code cell)\)");
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("list")]
    [InlineData("anomalies")]
    [InlineData("context")]
    [InlineData("cache")]
    [InlineData("grep -F e")]
    [InlineData("transcript")]
    [InlineData("transcript --limit 3")]
    [InlineData("explain", "/root")]
    [InlineData("validate")]
    public void TheCommandThatIsSuggestedNext_Runs(string command, string? id = null)
    {
        foreach (var name in TestDirectory.CaseNames.Where(name => name.StartsWith("mixed-", StringComparison.Ordinal)).Take(8))
        {
            var output = CommandLine.Run([.. command.Split(' '), TestDirectory.CaseBundle(name), .. id is null ? [] : (string[])[id]]).Out;
            foreach (Match next in Regex.Matches(output, "^next: rollout-trace (?<line>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)))
            {
                var run = CommandLine.Run(next.Groups["line"].Value.Split(' '));

                run.ExitCode.ShouldBeOneOf([ExitCodes.Success, ExitCodes.Findings], $"{next.Value}: {run.Error}");
            }
        }
    }

    private string RequestOf(string bundle) => JsonNode.Parse(CommandLine.Run("context", directory.Place(bundle), "--json").Out)!["bundles"]![0]!["result"]!["growth"]![0]!["inference_call_id"]!.GetValue<string>();
}
