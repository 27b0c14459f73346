using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli.Tests.Exporting;

/// <summary>What this library has exported with content, it imports again as the same rollout.</summary>
public sealed class OwnSpansTests
{
    [Theory]
    [InlineData("compaction-then-full")]
    [InlineData("multi-1008")]
    [InlineData("mixed-1004")]
    [InlineData("compaction-replays-calls")]
    public void AnExport_IsImportedAsTheSameRollout(string name)
    {
        using var directory = new TestDirectory();
        CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle(name), "-o", directory.Place("spans.json"), "--content").ExitCode.ShouldBe(ExitCodes.Success);

        CommandLine.Run("import", directory.Place("spans.json"), "-o", directory.Place("out")).ExitCode.ShouldBe(ExitCodes.Success);

        var original = RolloutReducer.Reduce(TestDirectory.CaseBundle(name)).Graph;
        var imported = RolloutReducer.Reduce(Directory.GetDirectories(directory.Place("out")).ShouldHaveSingleItem(), new ReductionOptions { Strict = true }).Graph;
        imported.Threads.Keys.Order(StringComparer.Ordinal).ShouldBe(original.Threads.Keys.Order(StringComparer.Ordinal));
        imported.CodexTurns.Keys.Order(StringComparer.Ordinal).ShouldBe(original.CodexTurns.Keys.Order(StringComparer.Ordinal));
        imported.ToolCalls.Keys.Order(StringComparer.Ordinal).ShouldBe(original.ToolCalls.Keys.Order(StringComparer.Ordinal));
        imported.InteractionEdges.Keys.Order(StringComparer.Ordinal).ShouldBe(original.InteractionEdges.Keys.Order(StringComparer.Ordinal));
        Requests(imported).ShouldBe(Requests(original));

        // Spans have nothing that is encrypted: conversations differ by that.
        if (name.StartsWith("compaction", StringComparison.Ordinal))
        {
            Conversation(imported).ShouldBe(Conversation(original));
        }
    }

    private static IEnumerable<string> Conversation(RolloutGraph graph) => graph.InferenceCalls.Values
        .OrderBy(static request => request.Execution.StartedSeq)
        .SelectMany(static request => request.RequestItemIds.Concat(request.ResponseItemIds))
        .Select(id => graph.ConversationItems[id])
        .Where(static item => !ItemText.Of(item).StartsWith('['))
        .Select(static item => $"{item.Role} {item.Kind} {item.CallId} {ItemText.Of(item)}");

    private static IEnumerable<string> Requests(RolloutGraph graph) =>
        graph.InferenceCalls.Values.OrderBy(static request => request.Execution.StartedSeq).Select(static request => $"{request.InferenceCallId} {request.Execution.Status} {request.Usage}");
}
