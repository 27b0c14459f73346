using System.Globalization;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Spans;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Spans of tool calls, of how runtimes carried them out, and of code cells.</summary>
internal sealed class ToolSpans(SpanScope scope)
{
    private readonly RolloutIndex index = scope.Index;
    private readonly RolloutGraph graph = scope.Graph;

    private readonly ILookup<string, RecordedCodeCell> waitedFor = scope.Graph.CodeCells.Values
        .SelectMany(static cell => cell.WaitToolCallIds.Select(id => (Id: id, Cell: cell)))
        .ToLookup(static wait => wait.Id, static wait => wait.Cell, StringComparer.Ordinal);

    public IEnumerable<SpanDraft> Make()
    {
        foreach (var tool in graph.ToolCalls.Values.OrderBy(static tool => tool.Execution.StartedSeq))
        {
            var runtimes = scope.Runtimes.RuntimesOf(tool.ToolCallId).ConvertAll(fact => (Fact: fact, Shape: ShapeOf(fact)));
            yield return Tool(tool, runtimes);
            for (var i = 0; i < runtimes.Count; i++)
            {
                yield return Runtime(tool, i + 1, runtimes[i].Fact, runtimes[i].Shape);
            }
        }

        foreach (var cell in graph.CodeCells.Values.OrderBy(static cell => cell.Execution.StartedSeq))
        {
            yield return Cell(cell, scope.Facts.CellResponses.GetValueOrDefault(cell.CodeCellId));
        }

        foreach (var (cell, _, response) in scope.LooseCells.Cells)
        {
            yield return Cell(cell, response);
        }
    }

    private SpanDraft Tool(RecordedToolCall tool, List<(RuntimeFact Fact, RuntimeShape Shape)> runtimes)
    {
        var terminalId = TerminalOf(tool, runtimes.Select(static runtime => runtime.Shape));
        var label = LabelOf(tool);
        var cell = tool.Requester is RequestedByCodeCell { CodeCellId: var cellId } ? graph.CodeCells.GetValueOrDefault(cellId) ?? scope.LooseCells.Named(cellId) : null;
        var attributes = scope.Operation(tool.ThreadId, tool.StartedByCodexTurnId, "execute_tool")
            .Add(RolloutAttributes.GenAI.ToolName, label)
            .Add(RolloutAttributes.GenAI.ToolType, "function")
            .Add(RolloutAttributes.GenAI.ToolCallId, tool.ModelVisibleCallId)
            .Add(RolloutAttributes.Tool.Id, tool.ToolCallId)
            .Add(RolloutAttributes.Tool.Kind, WireName.Of(tool.Kind.Type))
            .Add(RolloutAttributes.Tool.Requester, tool.Requester is RequestedByCodeCell ? "code_cell" : "model")
            .Add(RolloutAttributes.Mcp.CallId, tool.McpCallId)
            .Add(RolloutAttributes.Terminal.Id, terminalId)
            .AddContent(RolloutAttributes.GenAI.ToolCallArguments, scope.Content?.OfInvocation(InvocationOf(tool)))
            .AddContent(RolloutAttributes.GenAI.ToolCallResult, scope.Content?.OfResult(scope.Payload(tool.RawResultPayloadId)));
        if (scope.Content is not null)
        {
            attributes
                .Add(RolloutAttributes.Payload.Invocation, InvocationOf(tool)?.Path)
                .Add(RolloutAttributes.Payload.Result, scope.Payload(tool.RawResultPayloadId)?.Path);
        }

        var parent = cell is not null ? scope.Cell(cell) : scope.ParentOf(tool.Otel) ?? (tool.StartedByCodexTurnId is { } turnId ? scope.Turn(turnId) : null);
        var run = tool.Execution;
        return scope.Make(
            scope.Tool(tool),
            parent,
            $"execute_tool {SpanTags.Cut(label)}",
            attributes,
            SpanScope.StartOf(run),
            SpanScope.EndOf(run),
            [.. AskedBy(tool), .. WaitsFor(tool), .. Continues(tool, terminalId, runtimes)],
            words: scope.Content is null ? null : scope.Words.Of(tool, scope.Payload(tool.RawResultPayloadId)));
    }

    private IEnumerable<RolloutSpanLink> AskedBy(RecordedToolCall tool)
    {
        if (scope.KnownLink(scope.Tool(tool), RolloutSpanLinkKind.CausedBy) is { } known)
        {
            return [known];
        }

        return tool.Requester is RequestedByModel && (index.RequestThatAskedFor(tool) ?? RequestWithCall(tool)) is { } request
            ? [new RolloutSpanLink { Kind = RolloutSpanLinkKind.CausedBy, Target = scope.Request(request) }]
            : [];
    }

    private IEnumerable<RolloutSpanLink> WaitsFor(RecordedToolCall tool) =>
        scope.KnownLink(scope.Tool(tool), RolloutSpanLinkKind.WaitsFor) is { } known
            ? [known]
            : waitedFor[tool.ToolCallId].Select(cell => new RolloutSpanLink { Kind = RolloutSpanLinkKind.WaitsFor, Target = scope.Cell(cell) });

    private IEnumerable<RolloutSpanLink> Continues(RecordedToolCall tool, string? terminalId, List<(RuntimeFact Fact, RuntimeShape Shape)> runtimes)
    {
        // Input may find the terminal when the start of the call is written already.
        if (runtimes.Select(static runtime => runtime.Fact.Span).Prepend(tool.Otel).OfType<SpanReference>()
            .Select(span => scope.KnownLink(span, RolloutSpanLinkKind.Continues)).OfType<RolloutSpanLink>().FirstOrDefault() is { } known)
        {
            return [known];
        }

        return terminalId is not null && CreatorOf(terminalId, tool) is { } creator
            ? [new RolloutSpanLink { Kind = RolloutSpanLinkKind.Continues, Target = scope.Tool(creator) }]
            : [];
    }

    // The name of a terminal that is another agent's stands on the span alone.
    private RuntimeShape ShapeOf(RuntimeFact fact)
    {
        var shape = RuntimeShape.Of(fact, scope.Payloads);
        return shape.TerminalId is null && fact.Span is { } span ? shape with { TerminalId = scope.CarriedText(span, RolloutAttributes.Terminal.Id) } : shape;
    }

    // Of a call whose id an earlier one had: the last request before it whose response has a call of that id.
    private InferenceCall? RequestWithCall(RecordedToolCall tool)
    {
        if (tool.ModelVisibleCallId is not null || tool.Otel is null || scope.CarriedText(tool.Otel, RolloutAttributes.GenAI.ToolCallId) is not { } callId)
        {
            return null;
        }

        return index.RequestsOfThread(tool.ThreadId).LastOrDefault(request =>
            request.Execution.StartedSeq < tool.Execution.StartedSeq
            && request.ResponseItemIds.Any(id => graph.ConversationItems.TryGetValue(id, out var item) && item.CallId == callId));
    }

    private string LabelOf(RecordedToolCall tool) => scope.Facts.ToolLabels.GetValueOrDefault(tool.ToolCallId) ?? RolloutIndex.NameOf(tool.Kind);

    private PayloadReference? InvocationOf(RecordedToolCall tool) =>
        scope.Payload(tool.RawInvocationPayloadId) ?? (tool.Otel is null ? null : scope.Facts.ToolInvocations.GetValueOrDefault(tool.Otel.SpanId));

    // The terminal that a call works on and did not create. One that a runtime alone tells of may be that of a command.
    private string? TerminalOf(RecordedToolCall tool, IEnumerable<RuntimeShape> runtimes)
    {
        if (tool.Otel is not null && scope.CarriedText(tool.Otel, RolloutAttributes.Terminal.Id) is { } carried)
        {
            return carried;
        }

        var operation = tool.TerminalOperationId is { } id && (tool.Otel is null || tool.RawInvocationPayloadId is not null) ? graph.TerminalOperations.GetValueOrDefault(id) : null;
        return operation?.Kind == TerminalOperationKind.WriteStdin ? operation.TerminalId : runtimes.FirstOrDefault(static shape => shape.IsInput)?.TerminalId;
    }

    // The call that created the terminal: the last command in it that had started by then, since ids are used again.
    private RecordedToolCall? CreatorOf(string terminalId, RecordedToolCall tool)
    {
        if (!graph.TerminalSessions.TryGetValue(terminalId, out var session))
        {
            return null;
        }

        return session.OperationIds
            .Select(id => graph.TerminalOperations[id])
            .Where(operation => operation.Kind == TerminalOperationKind.ExecCommand && operation.Execution.StartedSeq < tool.Execution.StartedSeq)
            .MaxBy(static operation => operation.Execution.StartedSeq) is { } creator
            ? graph.ToolCalls[creator.ToolCallId]
            : null;
    }

    private SpanDraft Runtime(RecordedToolCall tool, int number, RuntimeFact fact, RuntimeShape shape)
    {
        var attributes = scope.Common(tool.ThreadId, tool.StartedByCodexTurnId)
            .Add(RolloutAttributes.Tool.Name, LabelOf(tool))
            .Add(RolloutAttributes.Terminal.Id, shape.TerminalId)
            .Add(RolloutAttributes.Process.ExecutableName, shape.Executable);
        if (scope.Content is { } content && shape.Command is { Count: > 0 } command)
        {
            var (words, missingWords, missingBytes) = content.OfCommand(command);
            attributes.AddContent(RolloutAttributes.Process.CommandArgs, words, missingWords, missingBytes);
        }

        if (shape.ExitCode is { } exitCode)
        {
            attributes.Add(RolloutAttributes.Process.ExitCode, exitCode);
        }

        return scope.Make(
            scope.Runtime(tool, number, fact),
            scope.Tool(tool),
            shape.Executable is { } executable ? SpanTags.Cut(executable) : $"tool_runtime {SpanTags.Cut(shape.Work ?? WireName.Of(tool.Kind.Type))}",
            attributes,
            fact.Start,
            (fact.Ended, fact.Status),
            isClient: shape.Executable is not null,
            errorType: shape.ExitCode?.ToString(CultureInfo.InvariantCulture),
            words: scope.Content is null ? null : scope.Words.OfRuntimeEnd(fact.End));
    }

    private SpanDraft Cell(RecordedCodeCell cell, PayloadReference? response)
    {
        var attributes = scope.Operation(cell.ThreadId, cell.CodexTurnId, "execute_tool")
            .Add(RolloutAttributes.GenAI.ToolName, "exec")
            .Add(RolloutAttributes.GenAI.ToolCallId, cell.ModelVisibleCallId)
            .Add(RolloutAttributes.CodeCell.Id, cell.CodeCellId)
            .Add(RolloutAttributes.CodeCell.RuntimeId, cell.RuntimeCellId)
            .Add(RolloutAttributes.CodeCell.Status, WireName.Of(cell.RuntimeStatus))
            .AddContent(RolloutAttributes.GenAI.ToolCallArguments, scope.Content?.OfCode(cell.SourceJs))
            .AddContent(RolloutAttributes.GenAI.ToolCallResult, scope.Content?.OfCellResponse(response))
            .Add(RolloutAttributes.Payload.Result, scope.Content is null ? null : response?.Path);
        var asked = scope.KnownLink(scope.Cell(cell), RolloutSpanLinkKind.CausedBy)
            ?? (index.RequestThatProduced(cell.SourceItemId) is { } request ? new RolloutSpanLink { Kind = RolloutSpanLinkKind.CausedBy, Target = scope.Request(request) } : null);
        return scope.Make(
            scope.Cell(cell),
            graph.CodexTurns.TryGetValue(cell.CodexTurnId, out var turn) ? scope.Turn(turn) : null,
            "execute_tool exec",
            attributes,
            SpanScope.StartOf(cell.Execution),
            scope.EndOf(cell.Otel, cell.Execution),
            asked is null ? [] : [asked],
            words: scope.Content is null ? null : scope.Words.Of(cell, response));
    }
}
