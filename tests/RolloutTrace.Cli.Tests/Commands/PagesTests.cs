using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests.Commands;

/// <summary>Pages of any sizes, each from where the one before says, are together the whole.</summary>
public sealed class PagesTests : IDisposable
{
    private const int MostOfPage = 40;

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("grep -F e", "hits")]
    [InlineData("anomalies", "anomalies")]
    [InlineData("transcript", "entries")]
    [InlineData("transcript --at", "entries")]
    [InlineData("cache", "requests")]
    public void PagesOfAnySizes_AreTheWhole(string command, string list)
    {
        string[] bundles = [TestDirectory.CaseBundle("mixed-1001"), TestDirectory.CaseBundle("multi-1007"), TestDirectory.CaseBundle("mixed-1009")];
        var questions = bundles.Select(bundle => (string[])[.. command.Split(' ').SkipLast(command.EndsWith("--at", StringComparison.Ordinal) ? 1 : 0), bundle, .. command.EndsWith("--at", StringComparison.Ordinal) ? ["--at", LastRequestOf(bundle)] : Array.Empty<string>()]).ToList();
        var wholes = questions.Select(question => Texts(Result(question), list)).ToList();
        wholes.Max(static whole => whole.Count).ShouldBeGreaterThan(0);

        Prop.ForAll(SizesOfPages, sizes =>
        {
            for (var i = 0; i < questions.Count; i++)
            {
                Paged(sizes, page => Result([.. questions[i], .. page]), list).ShouldBe(wholes[i]);
            }
        }).ShouldHold(cases: 10);
    }

    [Fact]
    public void PagesOfTheList_AreTheWhole()
    {
        for (var i = 0; i < 9; i++)
        {
            directory.Copy("cell-wait", $"{i}");
        }

        var whole = Texts(Answer("list", directory.Path), "bundles");
        whole.Count.ShouldBe(9);

        Prop.ForAll(SizesOfPages, sizes => Paged(sizes, page => Answer(["list", directory.Path, .. page]), "bundles").ShouldBe(whole)).ShouldHold(cases: 10);
    }

    private static Arbitrary<int[]> SizesOfPages => Gen.NonEmptyListOf(Gen.Choose(1, MostOfPage)).Select(static sizes => sizes.ToArray()).ToArbitrary();

    // The sizes come round again until there is no page behind.
    private static List<string> Paged(int[] sizes, Func<string[], JsonNode> ask, string list)
    {
        List<string> found = [];
        int? offset = 0;
        for (var page = 0; offset is { } from; page++)
        {
            var size = sizes[page % sizes.Length];
            var part = ask(["--limit", $"{size}", "--offset", $"{from}"]);
            var texts = Texts(part, list);
            found.AddRange(texts);
            offset = part["next_offset"]?.GetValue<int>();
            texts.Count.ShouldBeLessThanOrEqualTo(size);
            if (offset is not null)
            {
                texts.Count.ShouldBe(size, "only the last page is not full");
                offset.ShouldBe(from + size);
            }
        }

        return found;
    }

    private static string LastRequestOf(string bundle) => Result(["cache", bundle])["requests"]!.AsArray()[^1]!["inference_call_id"]!.GetValue<string>();

    private static JsonNode Answer(params string[] arguments) => JsonNode.Parse(CommandLine.Run([.. arguments, "--json"]).Out)!;

    private static JsonNode Result(string[] arguments) => Answer(arguments)["bundles"]![0]!["result"]!;

    private static List<string> Texts(JsonNode answer, string list) => [.. answer[list]!.AsArray().Select(static entry => entry!.ToJsonString())];
}
