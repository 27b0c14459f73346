using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>Terminal operations, the tool calls that they carry out, and the processes that they work on.</summary>
internal sealed class TerminalInvariants(InvariantScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public void Check()
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, session) in graph.TerminalSessions)
        {
            scope.Key("terminal", key, session.TerminalId);
            Check(session, places);
        }

        foreach (var (key, operation) in graph.TerminalOperations)
        {
            scope.Key("operation", key, operation.OperationId);
            scope.Numbered(ObjectIds.TerminalOperationPrefix, operation.OperationId, graph.TerminalOperations.Count);
            Check(operation, places);
        }
    }

    private void Check(TerminalSession session, Dictionary<string, string> places)
    {
        var subject = session.TerminalId;
        scope.Context(subject, session.ThreadId, null);
        if (!session.OperationIds.Contains(session.CreatedByOperationId))
        {
            scope.Report(InvariantCodes.OneSidedLink, subject, $"terminal {subject} was made by {session.CreatedByOperationId}, which is none of its operations");
        }

        foreach (var id in session.OperationIds)
        {
            if (!scope.Resolves(graph.TerminalOperations, subject, "operation", id))
            {
                continue;
            }

            if (!places.TryAdd(id, subject))
            {
                scope.Report(InvariantCodes.RepeatedId, subject, $"{id} is named by terminal {subject} and again by terminal {places[id]}");
            }

            var operation = graph.TerminalOperations[id];
            if (!string.Equals(operation.TerminalId, subject, StringComparison.Ordinal))
            {
                scope.OneSided($"terminal {subject}", id, "as an operation on it");
            }

            if (graph.ToolCalls.TryGetValue(operation.ToolCallId, out var tool) && !string.Equals(tool.ThreadId, session.ThreadId, StringComparison.Ordinal))
            {
                scope.Report(InvariantCodes.ForeignThread, subject, $"terminal {subject} is of thread {session.ThreadId}, but {id} on it of thread {tool.ThreadId}");
            }
        }
    }

    private void Check(TerminalOperation operation, Dictionary<string, string> places)
    {
        var subject = operation.OperationId;
        scope.Window(subject, operation.Execution);
        scope.Payloads(subject, operation.RawPayloadIds);
        if (operation.TerminalId is { } terminalId
            && scope.Resolves(graph.TerminalSessions, subject, "terminal", terminalId)
            && !places.ContainsKey(subject))
        {
            scope.OneSided(subject, $"terminal {terminalId}", "as the one it works on");
        }

        if ((operation.Kind == TerminalOperationKind.ExecCommand) != operation.Request is ExecCommandRequest)
        {
            scope.Report(InvariantCodes.WrongId, subject, $"{subject} is of kind {WireName.Of(operation.Kind)}, but its request is not");
        }

        if (!scope.Resolves(graph.ToolCalls, subject, "tool call", operation.ToolCallId))
        {
            return;
        }

        var tool = graph.ToolCalls[operation.ToolCallId];
        if (!string.Equals(tool.TerminalOperationId, subject, StringComparison.Ordinal))
        {
            scope.OneSided(subject, $"tool call {tool.ToolCallId}", "as the one it carries out");
        }

        var wasSeen = tool.ModelVisibleCallItemIds.Count > 0 || tool.ModelVisibleOutputItemIds.Count > 0;
        var isSound = operation.ModelObservations.Count == (wasSeen ? 1 : 0)
            && (!wasSeen || (operation.ModelObservations[0].CallItemIds.Equals(tool.ModelVisibleCallItemIds)
                && operation.ModelObservations[0].OutputItemIds.Equals(tool.ModelVisibleOutputItemIds)));
        if (!isSound)
        {
            scope.Report(InvariantCodes.OneSidedLink, subject, $"what the model saw of {subject} is not what it saw of tool call {tool.ToolCallId}");
        }
    }
}
