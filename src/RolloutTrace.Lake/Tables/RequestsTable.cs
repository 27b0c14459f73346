using RolloutTrace.Analysis;
using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a request to a model: of turns first, then of compactions.</summary>
internal sealed class RequestsTable : Table<RequestRow>
{
    public override string Name => "requests";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("request_id", static entry => entry.Row.Id)
        .Text("kind", static entry => entry.Row.Kind)
        .Text("thread_id", static entry => entry.Row.ThreadId)
        .Text("turn_id", static entry => entry.Row.TurnId)
        .Text("compaction_id", static entry => entry.Row.CompactionId)
        .Text("model", static entry => entry.Row.Model)
        .Text("provider_name", static entry => entry.Row.ProviderName)
        .Window(static entry => entry.Row.Execution)
        .Text("response_id", static entry => entry.Row.ResponseId)
        .Text("upstream_request_id", static entry => entry.Row.UpstreamRequestId)
        .Number("input_items", static entry => entry.Row.InputItems)
        .Number("output_items", static entry => entry.Row.OutputItems)
        .Number("input_tokens", static entry => entry.Row.Usage?.InputTokens)
        .Number("cached_input_tokens", static entry => entry.Row.Usage?.CachedInputTokens)
        .Number("cache_write_input_tokens", static entry => entry.Row.Usage?.CacheWriteInputTokens)
        .Number("output_tokens", static entry => entry.Row.Usage?.OutputTokens)
        .Number("reasoning_output_tokens", static entry => entry.Row.Usage?.ReasoningOutputTokens)
        .Text("cache_miss", static entry => entry.Row.CacheMiss?.ToString().ToLowerInvariant())
        .Number("instructions_bytes", static entry => entry.Row.Bytes(ContextOriginKind.Instructions))
        .Number("tools_bytes", static entry => entry.Row.Bytes(ContextOriginKind.ToolDefinitions))
        .Number("user_bytes", static entry => entry.Row.Bytes(ContextOriginKind.User))
        .Number("assistant_bytes", static entry => entry.Row.Bytes(ContextOriginKind.Assistant))
        .Number("reasoning_bytes", static entry => entry.Row.Bytes(ContextOriginKind.Reasoning))
        .Number("tool_output_bytes", static entry => entry.Row.Bytes(ContextOriginKind.ToolOutput))
        .Number("summary_bytes", static entry => entry.Row.Bytes(ContextOriginKind.Summary))
        .Text("error", static entry => entry.Row.Error);

    protected override IEnumerable<RequestRow> Rows(TableSource source)
    {
        var (rollout, graph) = (source.Rollout, source.Rollout.Graph);
        var misses = RolloutCache.Of(rollout, RolloutCache.DefaultTimeToLive)
            .Where(static use => use.Miss is not null)
            .ToDictionary(static use => use.InferenceCallId, static use => use.Miss!.Cause, StringComparer.Ordinal);
        return graph.InferenceCalls.Values.Select(request => Of(rollout, request, misses.TryGetValue(request.InferenceCallId, out var cause) ? cause : null))
            .Concat(graph.CompactionRequests.Values.Select(request => Of(rollout, request)));
    }

    private static RequestRow Of(OpenRollout rollout, InferenceCall request, CacheMissCause? miss) => new()
    {
        Id = request.InferenceCallId,
        Kind = "inference",
        ThreadId = request.ThreadId,
        TurnId = request.CodexTurnId,
        Model = request.Model,
        ProviderName = request.ProviderName,
        Execution = request.Execution,
        ResponseId = request.ResponseId,
        UpstreamRequestId = request.UpstreamRequestId,
        InputItems = request.RequestItemIds.Count,
        OutputItems = request.ResponseItemIds.Count,
        Usage = request.Usage,
        CacheMiss = miss,
        Origins = RolloutContext.Origins(rollout, request),
        Error = RolloutFailures.Of(rollout, OutlineKind.Request, request.InferenceCallId),
    };

    private static RequestRow Of(OpenRollout rollout, RecordedCompactionRequest request)
    {
        var response = rollout.ResponseOf(request);
        return new()
        {
            Id = request.CompactionRequestId,
            Kind = "compaction",
            ThreadId = request.ThreadId,
            TurnId = request.CodexTurnId,
            CompactionId = request.CompactionId,
            Model = request.Model,
            ProviderName = request.ProviderName,
            Execution = request.Execution,
            ResponseId = response.ResponseId,
            UpstreamRequestId = response.UpstreamRequestId,
            Usage = response.Usage,
            Origins = RolloutContext.Origins(rollout, request),
            Error = RolloutFailures.Of(rollout, OutlineKind.CompactionRequest, request.CompactionRequestId),
        };
    }
}
