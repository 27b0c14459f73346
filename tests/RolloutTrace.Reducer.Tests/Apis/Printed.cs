using System.Text;

namespace RolloutTrace.Reducer.Tests.Apis;

/// <summary>A reduced rollout as text: its requests with what each showed and got, its tools, its items, and what was said of it.</summary>
internal static class Printed
{
    public static string Of(ReductionResult result)
    {
        var text = new StringBuilder();
        var graph = result.Graph;
        foreach (var call in graph.InferenceCalls.Values)
        {
            text.Append($"{call.InferenceCallId} {call.Execution.Status} [{Ids(call.RequestItemIds)}] -> [{Ids(call.ResponseItemIds)}] starts [{string.Join(' ', call.ToolCallIdsStartedByResponse)}] {Tokens(call.Usage)}\n");
        }

        foreach (var tool in graph.ToolCalls.Values)
        {
            text.Append($"{tool.ToolCallId} [{Ids(tool.ModelVisibleCallItemIds)}] -> [{Ids(tool.ModelVisibleOutputItemIds)}]\n");
        }

        foreach (var thread in graph.Threads.Values)
        {
            foreach (var id in thread.ConversationItemIds)
            {
                var item = graph.ConversationItems[id];
                text.Append($"{Ids([id])} {item.Role} {item.Kind}{(item.CallId is null ? "" : " " + item.CallId)}: {string.Join(" | ", item.Body.Parts.Select(Part))}\n");
            }
        }

        foreach (var diagnostic in result.Diagnostics)
        {
            text.Append($"{diagnostic.Severity} {diagnostic.Code}, seq {diagnostic.Seq}: {diagnostic.Message}\n");
        }

        return text.ToString();
    }

    /// <summary>Both ways of reading give this.</summary>
    public static string InBothModes(string bundle)
    {
        var tolerant = Of(RolloutReducer.Reduce(bundle));
        Of(RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true })).ShouldBe(tolerant);
        return tolerant;
    }

    private static string Ids(IEnumerable<string> ids) => string.Join(' ', ids.Select(static id => id.Replace("conversation_item:", "", StringComparison.Ordinal)));

    private static string Tokens(RecordedTokenUsage? usage) => usage is null ? "no tokens"
        : $"in {usage.InputTokens} (cached {usage.CachedInputTokens}, written {usage.CacheWriteInputTokens}) out {usage.OutputTokens} (reasoning {usage.ReasoningOutputTokens})";

    private static string Part(ConversationPart part) => part switch
    {
        TextPart p => p.Text,
        SummaryPart p => $"summary: {p.Text}",
        EncodedPart p => $"{p.Label}: {p.Value}",
        JsonPart p => $"json {p.Summary}",
        CodePart p => $"{p.Language}: {p.Source}",
        PayloadReferencePart p => $"[{p.Label} in {p.RawPayloadId}]",
        _ => throw new InvalidOperationException(),
    };
}
