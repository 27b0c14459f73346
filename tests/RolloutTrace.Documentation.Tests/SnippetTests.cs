using System.Reflection;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Documentation.Tests;

public sealed class SnippetTests
{
    public static TheoryData<string, string> Sections
    {
        get
        {
            var sections = new TheoryData<string, string>();
            foreach (var (path, section) in Markdown.Paths.SelectMany(path => Markdown.Open(path).Blocks.Where(block => block.Language == "csharp").Select(block => (path, block.Section)).Distinct()))
            {
                sections.Add(path, section);
            }

            return sections;
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void What_a_section_shows_in_csharp_compiles_as_it_stands(string document, string section) => Compile(document, section).Complaints.ShouldBeEmpty();

    [Fact]
    public void What_does_not_compile_is_told_with_its_line()
    {
        var blocks = new[] { new CodeBlock("csharp", "", 7, "var turn = session.StartTurn();") };

        Snippets.Compile("README.md", blocks).Complaints.ShouldContain(complaint => complaint.StartsWith("README.md:7: CS0103", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_block_of_code_says_what_it_is() =>
        Markdown.Paths.SelectMany(path => Markdown.Open(path).Blocks.Where(block => block.Language.Length == 0).Select(block => $"{path}:{block.Line}")).ShouldBeEmpty();

    [Fact]
    public void What_is_shown_in_json_is_json()
    {
        foreach (var block in Markdown.Paths.SelectMany(path => Markdown.Open(path).Blocks).Where(block => block.Language == "json"))
        {
            Should.NotThrow(() => JsonDocument.Parse(block.Text), $"line {block.Line}");
        }
    }

    [Fact]
    public void What_README_shows_of_handles_records_a_rollout_that_reduces_strictly()
    {
        var directory = MemoryDirectory.CreateSubdirectory("rollout-trace-snippet-");
        try
        {
            using (Sdk.CreateTracerProviderBuilder().AddRolloutTracing(options => options.BundleRoot = directory.FullName).Build())
            {
                Run("README.md", "Your own loop: handles");
            }

            var graph = RolloutReducer.Reduce(directory.EnumerateDirectories().ShouldHaveSingleItem().FullName, new ReductionOptions { Strict = true }).Graph;
            graph.Status.ShouldBe(RolloutStatus.Completed);
            var tool = graph.ToolCalls.Values.ShouldHaveSingleItem();
            graph.InferenceCalls.Values.ShouldHaveSingleItem().ToolCallIdsStartedByResponse.ShouldBe([tool.ToolCallId]);
            graph.TerminalOperations.Values.ShouldHaveSingleItem().Result!.Stdout.ShouldBe("done\n");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static (Microsoft.CodeAnalysis.CSharp.CSharpCompilation Program, IReadOnlyList<string> Complaints) Compile(string document, string section) =>
        Snippets.Compile(document, Markdown.Open(document).Blocks.Where(block => block.Language == "csharp" && block.Section == section));

    private static void Run(string document, string section)
    {
        using var assembly = new MemoryStream();
        Compile(document, section).Program.Emit(assembly).Success.ShouldBeTrue();
        Assembly.Load(assembly.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
    }
}
