using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli.Tests.Output;

public sealed class AnswerJsonTests
{
    [Fact]
    public void EveryMemberOfAnAnswer_IsInTheReadme()
    {
        var readme = File.ReadAllText(Path.Join(Path.GetDirectoryName(TestDirectory.Cases), "../../src/RolloutTrace.Cli/README.md"));
        JsonTypeInfo[] answers =
        [
            AnswerJsonContext.Default.ReductionSummary, AnswerJsonContext.Default.AnswersInspectAnswer, AnswerJsonContext.Default.AnswersValidateAnswer,
            AnswerJsonContext.Default.AnswersAnomaliesAnswer, AnswerJsonContext.Default.AnswersTranscript, AnswerJsonContext.Default.AnswersExplainAnswer,
            AnswerJsonContext.Default.AnswersGrepAnswer, AnswerJsonContext.Default.ListAnswer, AnswerJsonContext.Default.AnswersScrubAnswer,
            AnswerJsonContext.Default.AnswersExportAnswer,
        ];

        // What an item holds is the state's and described there.
        var members = answers.SelectMany(answer => Members(answer, [typeof(ConversationItem)])).Distinct().ToList();

        members.Count.ShouldBeGreaterThan(60);
        members.Where(member => !readme.Contains($"`{member}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void TheDeepestOutline_IsWrittenWhole()
    {
        // A session, its turn, request, cell, the cell's tool call, and below that the next session.
        const int Depth = RolloutOutline.MaxNestedSessions * 5;
        var node = Node([]);
        for (var i = 1; i < Depth; i++)
        {
            node = Node([node]);
        }

        using var output = new MemoryStream();
        using (var console = new CommandConsole(output, Stream.Null))
        {
            var answer = new InspectAnswer
            {
                RolloutId = "r",
                Status = "completed",
                StatusEvidence = null,
                Lost = null,
                StartedAtUnixMs = 0,
                DurationMs = null,
                Agents = 0,
                Turns = 0,
                Requests = 0,
                ToolCalls = 0,
                CodeCells = 0,
                Compactions = 0,
                Nodes = [node],
            };
            var answers = new Answers<InspectAnswer> { Bundles = [new Answer<InspectAnswer> { Bundle = "b", Result = answer }] };
            AnswerJson.Write(console, answers, AnswerJsonContext.Default.AnswersInspectAnswer);
        }

        output.Position = 0;
        var json = JsonNode.Parse(output, documentOptions: new() { MaxDepth = 1000 })!["bundles"]![0]!["result"]!["nodes"]!;
        var depth = 0;
        for (; json.AsArray().Count > 0; json = json[0]!["children"]!)
        {
            depth++;
        }

        depth.ShouldBe(Depth);
    }

    private static OutlineNode Node(IReadOnlyList<OutlineNode> children) => new()
    {
        Kind = OutlineKind.Turn,
        Id = "t",
        Status = "completed",
        StartedAtUnixMs = 0,
        StartedSeq = 0,
        Children = children,
    };

    private static IEnumerable<string> Members(JsonTypeInfo type, HashSet<Type> seen)
    {
        if (!seen.Add(type.Type))
        {
            return [];
        }

        var element = type.ElementType is { } elementType ? Members(AnswerJsonContext.Default.GetTypeInfo(elementType)!, seen) : [];
        return element.Concat(type.Properties.SelectMany(property => Members(AnswerJsonContext.Default.GetTypeInfo(property.PropertyType)!, seen).Prepend(property.Name)));
    }
}
