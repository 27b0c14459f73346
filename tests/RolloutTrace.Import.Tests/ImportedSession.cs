using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Import.Tests;

/// <summary>What a bundle that was imported says, in words that can be compared. Strict readers have taken it by then.</summary>
internal sealed class ImportedSession
{
    private readonly OpenRollout rollout;
    private readonly Dictionary<string, string> payloads = new(StringComparer.Ordinal);
    private IReadOnlyList<RawEvent>? events;
    private IReadOnlyList<RolloutAnomaly>? anomalies;

    public ImportedSession(string bundle, ImportResult result)
    {
        Bundle = bundle;
        Result = result;
        RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true });
        rollout = OpenRollout.Open(BundleReader.Open(bundle));
    }

    public string Bundle { get; }

    public ImportResult Result { get; }

    public RolloutGraph Graph => rollout.Graph;

    public IReadOnlyList<ReductionDiagnostic> ReductionDiagnostics => rollout.Diagnostics;

    /// <summary>All requests in their order.</summary>
    public IReadOnlyList<InferenceCall> Requests => [.. Graph.InferenceCalls.Values.OrderBy(static request => request.Execution.StartedSeq)];

    /// <summary>The turns as <c>status: requests</c>, in their order.</summary>
    public IReadOnlyList<string> Turns =>
    [
        .. Graph.CodexTurns.Values
            .OrderBy(static turn => turn.Execution.StartedSeq)
            .Select(turn => $"{turn.Execution.Status}: {string.Join(' ', Requests.Select((request, i) => (request, i)).Where(entry => entry.request.CodexTurnId == turn.CodexTurnId).Select(static entry => $"r{entry.i + 1}"))}".TrimEnd()),
    ];

    /// <summary>Tool calls as <c>id name status</c>, in their order.</summary>
    public IReadOnlyList<string> Tools =>
    [
        .. Graph.ToolCalls.Values.OrderBy(static tool => tool.Execution.StartedSeq).Select(static tool => $"{tool.ToolCallId} {((GenericSummary)tool.Summary).Label} {tool.Execution.Status}"),
    ];

    /// <summary>Edges as <c>kind source target</c>.</summary>
    public IReadOnlyList<string> Edges => [.. Graph.InteractionEdges.Values.Select(edge => $"{edge.Kind} {Of(edge.Source)} > {Of(edge.Target)}").Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Anomalies => [.. (anomalies ?? RolloutAnomalies.Find(rollout)).Select(static anomaly => anomaly.Code)];

    public IReadOnlyList<string> AnomalyMessages => [.. (anomalies ?? RolloutAnomalies.Find(rollout)).Select(static anomaly => $"{anomaly.Code}: {anomaly.Message}")];

    /// <summary>Diagnostics of the import as <c>code line count</c>.</summary>
    public IReadOnlyList<string> Diagnostics => [.. Result.Diagnostics.Select(static diagnostic => $"{diagnostic.Code} {diagnostic.Line} {diagnostic.Count}")];

    /// <summary>Types of the breadcrumbs, in their order.</summary>
    public IReadOnlyList<string> Breadcrumbs =>
        [.. Events.Select(static e => e.Payload).OfType<ProtocolEventObservedEvent>().Select(static crumb => crumb.EventType)];

    /// <summary>Has read everything that is in files, which may go now.</summary>
    public ImportedSession Loaded()
    {
        foreach (var reference in Graph.RawPayloads.Values)
        {
            payloads[reference.RawPayloadId] = File.ReadAllText(Path.Join(Bundle, reference.Path));
        }

        events = Events;
        foreach (var request in Graph.InferenceCalls.Values)
        {
            rollout.GivenOf(request);
        }

        anomalies = [.. RolloutAnomalies.Find(rollout)];
        return this;
    }

    public IReadOnlyList<RawEvent> Events => events ??= [.. File.ReadLines(Path.Join(Bundle, "trace.jsonl")).Select(static line => RawEvent.Parse(System.Text.Encoding.UTF8.GetBytes(line)))];

    /// <summary>What a request showed; requests count from 1.</summary>
    public string[] Saw(int request) => [.. Requests[request - 1].RequestItemIds.Select(Item)];

    public string[] Answered(int request) => [.. Requests[request - 1].ResponseItemIds.Select(Item)];

    public string Usage(int request) => Requests[request - 1].Usage is not { } usage ? "none"
        : $"{usage.InputTokens} {usage.CachedInputTokens} {usage.CacheWriteInputTokens} {usage.OutputTokens} {usage.ReasoningOutputTokens}";

    public RequestGiven Given(int request) => rollout.GivenOf(Requests[request - 1]).ShouldNotBeNull();

    public string RequestPayload(int request) => Payload(Requests[request - 1].RawRequestPayloadId);

    public string Payload(string id) => payloads.TryGetValue(id, out var text) ? text : File.ReadAllText(Path.Join(Bundle, Graph.RawPayloads[id].Path));

    /// <summary>An item as <c>who: words</c>.</summary>
    public string Item(string id)
    {
        var item = Graph.ConversationItems[id];
        var text = string.Join("", item.Body.Parts.Select(static part => part switch
        {
            TextPart said => said.Text,
            SummaryPart summary => summary.Text,
            CodePart code => code.Source,
            JsonPart json => json.Summary,
            PayloadReferencePart reference => $"[{reference.Label}]",
            _ => "",
        }));
        return item.Kind switch
        {
            ConversationItemKind.Reasoning => $"reasoning: {text}",
            ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall => $"call {item.CallId} {text}",
            ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput => $"output {item.CallId}: {text}",
            ConversationItemKind.CompactionMarker => "compaction",
            _ => $"{item.Role.ToString().ToLowerInvariant()}: {text}",
        };
    }

    private string Of(InteractionAnchor anchor) => anchor switch
    {
        ToolCallAnchor tool => tool.ToolCallId,
        ConversationItemAnchor item => Item(item.ItemId),
        ThreadAnchor thread => Graph.Threads[thread.ThreadId].AgentPath,
        _ => "?",
    };
}
