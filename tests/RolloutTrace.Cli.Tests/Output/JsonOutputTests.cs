using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli.Tests.Output;

public sealed class JsonOutputTests
{
    [Fact]
    public void EveryMemberOfAnAnswer_IsInTheReadme()
    {
        var readme = File.ReadAllText(Path.Join(Path.GetDirectoryName(TestDirectory.Cases), "../../src/RolloutTrace.Cli/README.md"));
        JsonTypeInfo[] answers =
        [
            AnswerJson.Anomalies, AnswerJson.Cache, AnswerJson.Context, AnswerJson.Explain, AnswerJson.Grep, AnswerJson.Inspect, AnswerJson.List, AnswerJson.Transcript, AnswerJson.Validate,
            ComparisonJson.Two, ComparisonJson.Several, ComparisonJson.Prices,
            ReportJsonContext.Default.ReductionSummary, ReportJsonContext.Default.BundleAnswersScrubAnswer, ReportJsonContext.Default.BundleAnswersExportAnswer,
        ];

        // What an item holds is the state's and described there.
        var members = answers.SelectMany(answer => Members(answer, [typeof(ConversationItem)])).Distinct().ToList();

        members.Count.ShouldBeGreaterThan(60);
        members.Where(member => !readme.Contains($"`{member}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Members(JsonTypeInfo type, HashSet<Type> seen)
    {
        if (!seen.Add(type.Type))
        {
            return [];
        }

        var element = type.ElementType is { } elementType ? Members(type.Options.GetTypeInfo(elementType), seen) : [];
        return element.Concat(type.Properties.SelectMany(property => Members(type.Options.GetTypeInfo(property.PropertyType), seen).Prepend(property.Name)));
    }
}
