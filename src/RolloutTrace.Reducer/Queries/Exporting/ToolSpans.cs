namespace RolloutTrace.Reducer.Queries;

/// <summary>Spans of tool calls, of how runtimes carried them out, and of code cells.</summary>
internal sealed class ToolSpans(SpanScope scope)
{
    private readonly RolloutIndex index = scope.Index;
    private readonly RolloutGraph graph = scope.Graph;

    private readonly ILookup<string, CodeCell> waitedFor = scope.Graph.CodeCells.Values
        .SelectMany(static cell => cell.WaitToolCallIds.Select(id => (Id: id, Cell: cell)))
        .ToLookup(static wait => wait.Id, static wait => wait.Cell, StringComparer.Ordinal);

    public IEnumerable<RolloutSpan> Make()
    {
        foreach (var tool in graph.ToolCalls.Values.OrderBy(static tool => tool.Execution.StartedSeq))
        {
            yield return Tool(tool);
            var number = 0;
            foreach (var fact in scope.Facts.Runtimes.GetValueOrDefault(tool.ToolCallId) ?? [])
            {
                yield return Runtime(tool, ++number, fact);
            }
        }

        foreach (var cell in graph.CodeCells.Values.OrderBy(static cell => cell.Execution.StartedSeq))
        {
            yield return Cell(cell);
        }
    }

    private RolloutSpan Tool(ToolCall tool)
    {
        var label = scope.Facts.Labels.GetValueOrDefault(tool.ToolCallId) ?? RolloutIndex.NameOf(tool.Kind);
        var cell = tool.Requester is RequestedByCodeCell { CodeCellId: var cellId } ? graph.CodeCells.GetValueOrDefault(cellId) : null;
        var operation = OperationOf(tool);
        var attributes = scope.Common(tool.ThreadId, tool.StartedByCodexTurnId)
            .Add(RolloutAttributes.GenAI.OperationName, "execute_tool")
            .Add(RolloutAttributes.GenAI.ToolName, label)
            .Add(RolloutAttributes.GenAI.ToolType, "function")
            .Add(RolloutAttributes.GenAI.ToolCallId, tool.ModelVisibleCallId)
            .Add(RolloutAttributes.Tool.Id, tool.ToolCallId)
            .Add(RolloutAttributes.Tool.Kind, WireName.Of(tool.Kind.Type))
            .Add(RolloutAttributes.Tool.Requester, tool.Requester is RequestedByCodeCell ? "code_cell" : "model")
            .Add(RolloutAttributes.Mcp.CallId, tool.McpCallId)
            .Add(RolloutAttributes.Terminal.Id, operation?.Kind == TerminalOperationKind.WriteStdin ? operation.TerminalId : null);
        var links = new List<RolloutSpanLink>();
        if (tool.Requester is RequestedByModel && index.RequestThatAskedFor(tool) is { } request)
        {
            links.Add(new RolloutSpanLink { Kind = "caused_by", Target = scope.Request(request) });
        }

        links.AddRange(waitedFor[tool.ToolCallId].Select(waited => new RolloutSpanLink { Kind = "waits_for", Target = scope.Cell(waited) }));
        if (CreatorOf(operation) is { } creator)
        {
            links.Add(new RolloutSpanLink { Kind = "continues", Target = scope.Tool(creator) });
        }

        var parent = cell is not null ? scope.Cell(cell) : tool.StartedByCodexTurnId is { } turnId ? scope.Turn(turnId) : null;
        var run = tool.Execution;
        return scope.Make(scope.Tool(tool), parent, $"execute_tool {label}", attributes, run.StartedAtUnixMs, run.EndedAtUnixMs, run.Status, links);
    }

    private TerminalOperation? OperationOf(ToolCall tool) => tool.TerminalOperationId is { } id ? graph.TerminalOperations.GetValueOrDefault(id) : null;

    // The call that created the process that a later call works on.
    private ToolCall? CreatorOf(TerminalOperation? operation)
    {
        if (operation?.TerminalId is not { } terminalId || !graph.TerminalSessions.TryGetValue(terminalId, out var session)
            || string.Equals(session.CreatedByOperationId, operation.OperationId, StringComparison.Ordinal))
        {
            return null;
        }

        return graph.ToolCalls[graph.TerminalOperations[session.CreatedByOperationId].ToolCallId];
    }

    private RolloutSpan Runtime(ToolCall tool, int number, RuntimeFact fact)
    {
        var operation = OperationOf(tool);
        var attributes = scope.Common(tool.ThreadId, tool.StartedByCodexTurnId).Add(RolloutAttributes.Terminal.Id, operation?.TerminalId);
        if (operation?.Result?.ExitCode is { } exitCode)
        {
            attributes.Add(RolloutAttributes.Process.ExitCode, exitCode);
        }

        var executable = operation?.Request is ExecCommandRequest { Command: [var path, ..] } ? path[(path.LastIndexOfAny(['/', '\\']) + 1)..] : null;
        attributes.Add(RolloutAttributes.Process.ExecutableName, executable);
        return scope.Make(
            scope.Runtime(tool, number, fact),
            scope.Tool(tool),
            executable ?? $"tool_runtime {WireName.Of(tool.Kind.Type)}",
            attributes,
            fact.StartedAtUnixMs,
            fact.EndedAtUnixMs,
            fact.Status,
            isClient: executable is not null);
    }

    private RolloutSpan Cell(CodeCell cell)
    {
        var attributes = scope.Common(cell.ThreadId, cell.CodexTurnId)
            .Add(RolloutAttributes.GenAI.OperationName, "execute_tool")
            .Add(RolloutAttributes.GenAI.ToolName, "exec")
            .Add(RolloutAttributes.GenAI.ToolCallId, cell.ModelVisibleCallId)
            .Add(RolloutAttributes.CodeCell.Id, cell.CodeCellId)
            .Add(RolloutAttributes.CodeCell.RuntimeId, cell.RuntimeCellId)
            .Add(RolloutAttributes.CodeCell.Status, WireName.Of(cell.RuntimeStatus));
        var links = index.RequestThatProduced(cell.SourceItemId) is { } request
            ? new List<RolloutSpanLink> { new() { Kind = "caused_by", Target = scope.Request(request) } }
            : [];
        var run = cell.Execution;
        return scope.Make(scope.Cell(cell), scope.Turn(cell.CodexTurnId), "execute_tool exec", attributes, run.StartedAtUnixMs, run.EndedAtUnixMs, run.Status, links);
    }
}
