using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis;

/// <summary>
/// The state with the look-ups that questions need: what belongs to a turn, who asked for a call, which request saw an
/// item first. Built in one pass over the state; safe for concurrent use.
/// </summary>
public sealed class RolloutIndex
{
    private readonly Dictionary<string, List<InferenceCall>> requestsByThread = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InferenceCall> requestBefore = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<InferenceCall>> requestsByTurn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InferenceCall> requestsByItem = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InferenceCall> requestsByTool = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConversationItem?> inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InferenceCall> firstRequestWith = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedCodeCell> cellsBySource = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RecordedCodeCell>> cellsByWait = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedToolCall> toolsByItem = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<InteractionEdge>> edgesByTool = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InteractionEdge> edgesByItem = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InferenceCall> askers = new(StringComparer.Ordinal);
    private readonly HashSet<string> repetitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdList> lastShown = new(StringComparer.Ordinal);

    /// <summary>Indexes a state.</summary>
    public RolloutIndex(RolloutGraph graph)
        : this(graph, RolloutFacts.None)
    {
    }

    internal RolloutIndex(RolloutGraph graph, RolloutFacts facts)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        foreach (var cell in graph.CodeCells.Values)
        {
            cellsBySource.TryAdd(cell.SourceItemId, cell);
            foreach (var id in cell.WaitToolCallIds)
            {
                ListOf(cellsByWait, id).Add(cell);
            }
        }

        foreach (var tool in graph.ToolCalls.Values)
        {
            AddItems(tool, tool.ModelVisibleCallItemIds);
            AddItems(tool, tool.ModelVisibleOutputItemIds);
        }

        foreach (var edge in graph.InteractionEdges.Values)
        {
            if (edge.Source is ToolCallAnchor source)
            {
                ListOf(edgesByTool, source.ToolCallId).Add(edge);
            }

            if (edge.Target is ConversationItemAnchor target)
            {
                edgesByItem.TryAdd(target.ItemId, edge);
            }
        }

        foreach (var request in graph.InferenceCalls.Values.OrderBy(static call => call.Execution.StartedSeq))
        {
            Add(request);
        }

        foreach (var compaction in graph.Compactions.Values)
        {
            AddRepetitions(compaction);
        }

        AddAskers(facts);
    }

    /// <summary>The state.</summary>
    public RolloutGraph Graph { get; }

    /// <summary>The model requests of a thread, in the order in which they were sent.</summary>
    public IReadOnlyList<InferenceCall> RequestsOfThread(string threadId) => requestsByThread.GetValueOrDefault(threadId) ?? [];

    /// <summary>The model requests of a turn, in the order in which they were sent.</summary>
    public IReadOnlyList<InferenceCall> RequestsOfTurn(string turnId) => requestsByTurn.GetValueOrDefault(turnId) ?? [];

    /// <summary>
    /// The input that a turn answers: of what its first request sent, the last thing that a person or another agent said, past what a harness
    /// says behind it in the user's place. Null if none is known.
    /// </summary>
    public ConversationItem? InputOf(CodexTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return RequestsOfTurn(turn.CodexTurnId) is [var first, ..] ? inputs.GetValueOrDefault(first.InferenceCallId) : null;
    }

    /// <summary>The model request whose response asked for a tool call; null if none is known, or if code asked.</summary>
    public InferenceCall? RequestThatAskedFor(RecordedToolCall tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (requestsByTool.TryGetValue(tool.ToolCallId, out var request))
        {
            return request;
        }

        // A tool that started before its response completed is not in that response's list until the item is seen again.
        foreach (var itemId in tool.ModelVisibleCallItemIds)
        {
            if (requestsByItem.TryGetValue(itemId, out request))
            {
                return request;
            }
        }

        return askers.GetValueOrDefault(tool.ToolCallId);
    }

    /// <summary>The model request whose response holds an item; null if none does.</summary>
    public InferenceCall? RequestThatProduced(string itemId) => requestsByItem.GetValueOrDefault(itemId);

    /// <summary>The first model request that sent an item; null if none did.</summary>
    public InferenceCall? FirstRequestWith(string itemId) => firstRequestWith.GetValueOrDefault(itemId);

    /// <summary>
    /// Whether an item only repeats what an earlier request of its thread sent: one that refers to a payload, as a message with an image
    /// does, is a new item of the state each time that it is sent, and once more in the history that a compaction took.
    /// </summary>
    public bool IsRepetition(string itemId) => repetitions.Contains(itemId);

    /// <summary>The model request before this one in its thread; null for the first.</summary>
    public InferenceCall? RequestBefore(InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return requestBefore.GetValueOrDefault(request.InferenceCallId);
    }

    /// <summary>The cell whose code an item holds; null if it holds none.</summary>
    public RecordedCodeCell? CellOf(string sourceItemId) => cellsBySource.GetValueOrDefault(sourceItemId);

    /// <summary>The tool call that an item asks for or answers; null if none is known.</summary>
    public RecordedToolCall? ToolOf(string itemId) => toolsByItem.GetValueOrDefault(itemId);

    /// <summary>The cells that a tool call waited for.</summary>
    public IReadOnlyList<RecordedCodeCell> CellsWaitedForBy(RecordedToolCall tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return cellsByWait.GetValueOrDefault(tool.ToolCallId) ?? [];
    }

    /// <summary>The edges that start at a tool call.</summary>
    public IReadOnlyList<InteractionEdge> EdgesFrom(string toolCallId) => edgesByTool.GetValueOrDefault(toolCallId) ?? [];

    /// <summary>The edge that an item delivered; null if it delivered none.</summary>
    public InteractionEdge? EdgeTo(string itemId) => edgesByItem.GetValueOrDefault(itemId);

    /// <summary>The tool call that spawned a thread; null for the root, and where it left no evidence.</summary>
    public RecordedToolCall? SpawnerOf(AgentThread thread)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Origin is SpawnedOrigin origin
            && Graph.InteractionEdges.TryGetValue(origin.SpawnEdgeId, out var edge)
            && edge.Source is ToolCallAnchor { ToolCallId: var id }
                ? Graph.ToolCalls.GetValueOrDefault(id)
                : null;
    }

    /// <summary>
    /// The operation that created a terminal: its first command. The state has as creator what named the terminal first, which
    /// is a later operation where a command got the name only afterwards.
    /// </summary>
    public TerminalOperation CreatorOf(TerminalSession terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        return terminal.OperationIds
            .Select(id => Graph.TerminalOperations[id])
            .Where(static operation => operation.Kind == TerminalOperationKind.ExecCommand)
            .MinBy(static operation => operation.Execution.StartedSeq) ?? Graph.TerminalOperations[terminal.CreatedByOperationId];
    }

    /// <summary>The path of a thread's agent, or the thread's id where the thread is not known.</summary>
    public string AgentOf(string threadId) => Graph.Threads.TryGetValue(threadId, out var thread) ? thread.AgentPath : threadId;

    /// <summary>The name of a tool, as people know it.</summary>
    public static string NameOf(ToolCallKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.Type switch
        {
            ToolCallKindType.Mcp => $"{kind.Server}.{kind.Tool}",
            ToolCallKindType.Other => kind.Name!,
            _ => WireName.Of(kind.Type),
        };
    }

    /// <summary>What a tool call is about, on one line: its command, its input, or who it is for.</summary>
    public string PreviewOf(RecordedToolCall tool, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(tool);
        var text = tool.Summary switch
        {
            TerminalSummary { OperationId: var id } when Graph.TerminalOperations.TryGetValue(id, out var operation) => operation.Request switch
            {
                ExecCommandRequest exec => exec.DisplayCommand,
                WriteStdinRequest stdin => stdin.Stdin.Length == 0 ? "(looks for output)" : stdin.Stdin,
                _ => "",
            },
            GenericSummary summary => summary.InputPreview ?? "",
            AgentSummary summary => $"{summary.TargetAgentPath}: {summary.MessagePreview}",
            WaitAgentSummary summary => summary.TargetAgentPath ?? "",
            _ => "",
        };
        return ItemText.Preview(text, maxLength);
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string key)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists.Add(key, list = []);
        }

        return list;
    }

    // What the events of a call say of who asked for it, where no item tells it. Of several attempts in one span the last has answered.
    private void AddAskers(RolloutFacts facts)
    {
        var bySpan = new Dictionary<string, InferenceCall>(StringComparer.Ordinal);
        foreach (var request in Graph.InferenceCalls.Values.Where(static call => call.Otel is not null).OrderBy(static call => call.Execution.StartedSeq))
        {
            bySpan[request.Otel!.SpanId] = request;
        }

        foreach (var tool in Graph.ToolCalls.Values)
        {
            if (tool.Otel is { } span && facts.Spans.GetValueOrDefault(span.SpanId)?.Attributes is { } carried
                && carried.TryGetValue(RolloutAttributes.Link.Prefix + RolloutLinkKinds.CausedBy, out var link)
                && JsonText.OrNull(link)?.Split('-') is [_, var asker] && bySpan.TryGetValue(asker, out var request) && request.ThreadId == tool.ThreadId)
            {
                askers[tool.ToolCallId] = request;
            }
        }
    }

    private void Add(InferenceCall request)
    {
        var ofThread = ListOf(requestsByThread, request.ThreadId);

        // Requests repeat their histories: what the one before had too needs no second look.
        var known = 0;
        if (ofThread.Count > 0 && ofThread[^1].RequestItemIds is var before && request.RequestItemIds.Take(before.Count).Equals(before))
        {
            known = before.Count;
        }

        for (var i = known; i < request.RequestItemIds.Count; i++)
        {
            firstRequestWith.TryAdd(request.RequestItemIds[i], request);
        }

        // What could not be read repeats nothing, and hides nothing that the next one repeats.
        if (request.RequestItemIds.Count > 0)
        {
            if (lastShown.TryGetValue(request.ThreadId, out var shown))
            {
                // An incremental request may go back to what an earlier one sent first: that is the one to be shown.
                repetitions.UnionWith(Histories.Repeated(Graph, shown, request.RequestItemIds).Where(id => ReferenceEquals(firstRequestWith[id], request)));
            }

            lastShown[request.ThreadId] = request.RequestItemIds;
        }

        inputs.TryAdd(request.InferenceCallId, LastInput(request, known) ?? (known > 0 ? inputs.GetValueOrDefault(ofThread[^1].InferenceCallId) : null));
        if (ofThread.Count > 0)
        {
            requestBefore.TryAdd(request.InferenceCallId, ofThread[^1]);
        }

        ofThread.Add(request);
        ListOf(requestsByTurn, request.CodexTurnId).Add(request);
        foreach (var id in request.ResponseItemIds)
        {
            requestsByItem.TryAdd(id, request);
        }

        foreach (var id in request.ToolCallIdsStartedByResponse)
        {
            requestsByTool.TryAdd(id, request);
        }
    }

    private void AddRepetitions(RecordedCompaction compaction)
    {
        var alone = compaction.InputItemIds.Where(id => !firstRequestWith.ContainsKey(id) && !requestsByItem.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        if (alone.Count > 0 && Graph.Threads.TryGetValue(compaction.ThreadId, out var thread))
        {
            var before = thread.ConversationItemIds.TakeWhile(id => !alone.Contains(id)).Where(id => !repetitions.Contains(id));
            repetitions.UnionWith(Histories.Repeated(Graph, before, alone));
        }
    }

    // Programs say in the user's place what they have to say, also behind what the user said.
    private ConversationItem? LastInput(InferenceCall request, int from)
    {
        ConversationItem? last = null;
        for (var i = request.RequestItemIds.Count - 1; i >= from; i--)
        {
            var id = request.RequestItemIds[i];
            if (!Graph.ConversationItems.TryGetValue(id, out var item))
            {
                continue;
            }

            if (EdgeTo(id) is not null)
            {
                return last ?? item;
            }

            if (item.Role == ConversationRole.User)
            {
                last ??= item;
                if (!HarnessNote.Is(ItemText.Of(item)))
                {
                    return item;
                }
            }
            else if (last is not null)
            {
                return last;
            }
        }

        return last;
    }

    private void AddItems(RecordedToolCall tool, IdList ids)
    {
        foreach (var id in ids)
        {
            toolsByItem.TryAdd(id, tool);
        }
    }
}
