using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>
/// A rollout as a tree: sessions, their turns, in them the requests, below each request the tool calls and cells that
/// its response asked for, and below the call that spawned it another agent's session.
/// </summary>
public sealed class RolloutOutline
{
    /// <summary>
    /// How many sessions may stand below one another; one that is spawned deeper stands at the top. Agents spawn no such chains, but
    /// a damaged or a hostile bundle may tell of one, and whoever walks the tree must not run out of stack.
    /// </summary>
    public const int MaxNestedSessions = 32;

    /// <summary>The most characters of a preview.</summary>
    public const int PreviewLength = 160;

    private readonly RolloutIndex index;
    private readonly RolloutGraph graph;
    private readonly RolloutLiveness? liveness;
    private readonly TokenTotals tokens;
    private readonly FailureWords failures;
    private readonly ILookup<string, RecordedToolCall> toolsByParent;
    private readonly ILookup<string, RecordedCodeCell> cellsByParent;
    private readonly ILookup<string, AgentThread> threadsBySpawner;
    private readonly ILookup<string, CodexTurn> turnsByThread;
    private readonly ILookup<string, RecordedCompactionRequest> compactionRequests;
    private readonly ILookup<string, Compacting> compactionsByTurn;

    // Threads can name one another in circles in a damaged state; each is told of once.
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private int nesting;

    private RolloutOutline(OpenRollout rollout)
    {
        index = rollout.Index;
        liveness = rollout.Liveness;
        tokens = rollout.Tokens;
        failures = rollout.Failures;
        graph = index.Graph;
        toolsByParent = graph.ToolCalls.Values.ToLookup(ParentOf, StringComparer.Ordinal);
        cellsByParent = graph.CodeCells.Values.ToLookup(cell => index.RequestThatProduced(cell.SourceItemId) is { } asked ? Key(asked) : TurnKey(cell.CodexTurnId), StringComparer.Ordinal);
        threadsBySpawner = graph.Threads.Values.ToLookup(thread => index.SpawnerOf(thread)?.ToolCallId ?? "", StringComparer.Ordinal);
        turnsByThread = graph.CodexTurns.Values.ToLookup(static turn => turn.ThreadId, StringComparer.Ordinal);
        compactionRequests = graph.CompactionRequests.Values.ToLookup(static request => request.CompactionId, StringComparer.Ordinal);
        compactionsByTurn = graph.Compactions.Values.Select(static compaction => new Compacting(compaction.CodexTurnId, compaction.CompactionId, compaction))
            .Concat(graph.CompactionRequests.Values
                .Where(request => !graph.Compactions.ContainsKey(request.CompactionId))
                .DistinctBy(static request => request.CompactionId)
                .Select(static request => new Compacting(request.CodexTurnId, request.CompactionId, Installed: null)))
            .ToLookup(static compacting => compacting.TurnId, StringComparer.Ordinal);
    }

    /// <summary>The sessions that no tool call of the rollout spawned, the root's first of all; the others are below them, to <see cref="MaxNestedSessions"/>.</summary>
    /// <param name="rollout">The rollout. Where it does not go on, what runs in the state is unfinished.</param>
    public static IReadOnlyList<OutlineNode> Of(OpenRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var index = rollout.Index;
        var outline = new RolloutOutline(rollout);
        var roots = new List<OutlineNode>();
        foreach (var thread in index.Graph.Threads.Values
            .OrderBy(thread => thread.Origin is RootOrigin ? 0 : index.SpawnerOf(thread) is null ? 1 : 2)
            .ThenBy(static thread => thread.Execution.StartedSeq))
        {
            if (outline.Session(thread) is { } session)
            {
                roots.Add(session);
            }
        }

        return roots;
    }

    private static string Key(InferenceCall request) => "request " + request.InferenceCallId;

    private static string TurnKey(string turnId) => "turn " + turnId;

    private string ParentOf(RecordedToolCall tool)
    {
        if (tool.Requester is RequestedByCodeCell { CodeCellId: var cellId } && graph.CodeCells.ContainsKey(cellId))
        {
            return cellId;
        }

        return index.RequestThatAskedFor(tool) is { } request ? Key(request)
            : tool.StartedByCodexTurnId is { } turnId ? TurnKey(turnId)
            : "thread " + tool.ThreadId;
    }

    private OutlineNode? Session(AgentThread thread)
    {
        if (nesting == MaxNestedSessions || !told.Add(thread.ThreadId))
        {
            return null;
        }

        nesting++;
        var children = turnsByThread[thread.ThreadId].Select(Turn).Concat(toolsByParent["thread " + thread.ThreadId].Select(Tool)).ToList();
        nesting--;
        return Node(OutlineKind.Session, thread.ThreadId, thread.AgentPath, thread.Execution, thread.Nickname, children) with
        {
            Usage = tokens.OfThread(thread.ThreadId),
        };
    }

    private OutlineNode Turn(CodexTurn turn)
    {
        var requests = index.RequestsOfTurn(turn.CodexTurnId);
        var children = requests.Select(Request)
            .Concat(toolsByParent[TurnKey(turn.CodexTurnId)].Select(Tool))
            .Concat(cellsByParent[TurnKey(turn.CodexTurnId)].Select(Cell))
            .Concat(compactionsByTurn[turn.CodexTurnId].Select(entry => Compaction(entry.Id, entry.Installed)));
        var input = index.InputOf(turn) is { } item ? ItemText.Preview(ItemText.Of(item), PreviewLength) : null;
        return Node(OutlineKind.Turn, turn.CodexTurnId, null, turn.Execution, input, children) with { Usage = tokens.OfTurn(turn.CodexTurnId) };
    }

    private OutlineNode Request(InferenceCall request)
    {
        var children = toolsByParent[Key(request)].Select(Tool).Concat(cellsByParent[Key(request)].Select(Cell));
        return Node(OutlineKind.Request, request.InferenceCallId, request.Model, request.Execution, AnswerOf(request), children) with
        {
            Usage = request.Usage,
            Error = OnOneLine(failures.Of(request)),
        };
    }

    private OutlineNode Tool(RecordedToolCall tool)
    {
        var children = threadsBySpawner[tool.ToolCallId].Select(Session).OfType<OutlineNode>();
        if (tool.TerminalOperationId is { } id && graph.TerminalOperations.TryGetValue(id, out var operation))
        {
            children = children.Append(Operation(operation));
        }

        return Node(OutlineKind.ToolCall, tool.ToolCallId, RolloutIndex.NameOf(tool.Kind), tool.Execution, index.PreviewOf(tool, PreviewLength), children) with
        {
            Error = OnOneLine(failures.Of(tool)),
        };
    }

    private OutlineNode Cell(RecordedCodeCell cell) =>
        Node(OutlineKind.CodeCell, cell.CodeCellId, null, cell.Execution, ItemText.Preview(cell.SourceJs, PreviewLength), toolsByParent[cell.CodeCellId].Select(Tool)) with
        {
            Status = IsCutOff(cell.Execution) ? OutlineNode.Unfinished : WireName.Of(cell.RuntimeStatus),
            Error = OnOneLine(failures.Of(cell)),
        };

    private OutlineNode Operation(TerminalOperation operation)
    {
        var terminal = operation.TerminalId is { } id ? $"terminal {id}" : null;
        var exit = ToldExit.Of(operation) is { } code ? $"exit code {code}" : null;
        var preview = string.Join(", ", new[] { terminal, exit }.OfType<string>());
        var node = Node(OutlineKind.TerminalOperation, operation.OperationId, WireName.Of(operation.Kind), operation.Execution, preview, []) with { Error = OnOneLine(FailureWords.Of(operation)) };

        // A process can outlive the rollout that started it; that of a rollout that died was cut off with the pipes to it.
        return liveness is { IsDead: true } ? node : node with { Status = WireName.Of(operation.Execution.Status) };
    }

    private OutlineNode Compaction(string id, RecordedCompaction? installed)
    {
        var requests = compactionRequests[id].OrderBy(static request => request.Execution.StartedSeq).ToList();
        var children = requests.Select(request => Node(OutlineKind.CompactionRequest, request.CompactionRequestId, request.Model, request.Execution, null, []) with
        {
            Usage = tokens.Of(request),
            Error = OnOneLine(failures.Of(request)),
        });
        var start = requests is [var first, ..] ? first.Execution : null;
        return new OutlineNode
        {
            Kind = OutlineKind.Compaction,
            Id = id,
            Status = installed is null ? "not installed" : "installed",
            StartedAtUnixMs = start?.StartedAtUnixMs ?? installed!.InstalledAtUnixMs,
            StartedSeq = start?.StartedSeq ?? SeqBefore(installed!),
            DurationMs = WallTimes.Between(start?.StartedAtUnixMs, installed?.InstalledAtUnixMs),
            IsDurationUnknown = installed?.InstalledAtUnixMs < start?.StartedAtUnixMs,
            Preview = installed is null ? null : $"{installed.InputItemIds.Count} items became {installed.ReplacementItemIds.Count}",
            Children = [.. children],
        };
    }

    // An installation has no sequence number in the state: it stands behind the request that was sent before it.
    private long SeqBefore(RecordedCompaction compaction) => index.RequestsOfTurn(compaction.CodexTurnId)
        .LastOrDefault(request => request.Execution.StartedAtUnixMs < compaction.InstalledAtUnixMs || (request.Execution.StartedAtUnixMs == compaction.InstalledAtUnixMs && !Shows(request, compaction)))?.Execution.StartedSeq ?? 0;

    // Within a millisecond it is the first to show the new history, and not the old one, that comes after.
    private static bool Shows(InferenceCall request, RecordedCompaction compaction) =>
        request.RequestItemIds.Take(compaction.ReplacementItemIds.Count).SequenceEqual(compaction.ReplacementItemIds)
        && !request.RequestItemIds.Take(compaction.InputItemIds.Count).SequenceEqual(compaction.InputItemIds);

    private OutlineNode Node(OutlineKind kind, string id, string? name, ExecutionWindow execution, string? preview, IEnumerable<OutlineNode> children) => new()
    {
        Kind = kind,
        Id = id,
        Name = name,
        Status = IsCutOff(execution) ? OutlineNode.Unfinished : WireName.Of(execution.Status),
        StartedAtUnixMs = execution.StartedAtUnixMs,
        StartedSeq = execution.StartedSeq,
        DurationMs = WallTimes.Between(execution.StartedAtUnixMs, execution.EndedAtUnixMs),
        IsDurationUnknown = execution.EndedAtUnixMs < execution.StartedAtUnixMs,
        Preview = string.IsNullOrEmpty(preview) ? null : preview,
        Children = [.. children.OrderBy(static child => child.StartedSeq).ThenBy(static child => child.Id, StringComparer.Ordinal)],
    };

    private bool IsCutOff(ExecutionWindow execution) => liveness is { IsOver: true } && execution.Status == ExecutionStatus.Running;

    private static string? OnOneLine(string? words) => string.IsNullOrEmpty(words) ? null : ItemText.Preview(words, PreviewLength);

    private string? AnswerOf(InferenceCall request)
    {
        foreach (var id in request.ResponseItemIds)
        {
            if (graph.ConversationItems[id] is { Kind: ConversationItemKind.Message } item)
            {
                return ItemText.Preview(ItemText.Of(item), PreviewLength);
            }
        }

        return null;
    }

    private sealed record Compacting(string TurnId, string Id, RecordedCompaction? Installed);
}
