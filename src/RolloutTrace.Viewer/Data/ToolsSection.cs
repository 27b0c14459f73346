using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>tools</c>: the tool calls; <c>operations</c> on terminals; and <c>cells</c> of code.</summary>
internal static class ToolsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        json.WriteStartArray("tools");
        foreach (var tool in scope.Graph.ToolCalls.Values.OrderBy(static tool => tool.Execution.StartedSeq))
        {
            json.WriteStartObject();
            json.WriteString("id", tool.ToolCallId);
            json.Number("thread", scope.ThreadOf(tool.ThreadId));
            json.WriteString("name", RolloutIndex.NameOf(tool.Kind));
            json.WriteString("kind", WireName.Of(tool.Kind.Type));
            json.Text("cell", (tool.Requester as RequestedByCodeCell)?.CodeCellId);
            json.Text("operation", tool.TerminalOperationId);
            json.Runs("calls", tool.ModelVisibleCallItemIds.Select(scope.ItemOf));
            json.Runs("outputs", tool.ModelVisibleOutputItemIds.Select(scope.ItemOf));
            json.EndElement();
        }

        json.WriteEndArray();
        Operations(json, scope);
        Cells(json, scope);
    }

    private static void Operations(Utf8JsonWriter json, ViewScope scope)
    {
        json.WriteStartArray("operations");
        foreach (var operation in scope.Graph.TerminalOperations.Values.OrderBy(static operation => operation.Execution.StartedSeq))
        {
            json.WriteStartObject();
            json.WriteString("id", operation.OperationId);
            json.WriteString("kind", WireName.Of(operation.Kind));
            json.Text("terminal", operation.TerminalId);
            json.WriteString("tool", operation.ToolCallId);
            json.Number("exit_code", operation.Result?.ExitCode);
            json.Text("command", scope.Content((operation.Request as ExecCommandRequest)?.DisplayCommand));
            json.Text("cwd", scope.Content((operation.Request as ExecCommandRequest)?.Cwd));
            json.Text("stdin", scope.Content((operation.Request as WriteStdinRequest)?.Stdin));
            if (scope.HasContent && operation.Result is { } result)
            {
                Output(json, scope, "stdout", result.Stdout, operation);
                Output(json, scope, "stderr", result.Stderr, operation);
            }

            json.EndElement();
        }

        json.WriteEndArray();
    }

    // The model mostly sees what was printed, with something before it: where the text stands in an item it is not written again.
    private static void Output(Utf8JsonWriter json, ViewScope scope, string name, string text, TerminalOperation operation)
    {
        if (text.Length == 0)
        {
            return;
        }

        foreach (var id in operation.ModelObservations.SelectMany(static seen => seen.OutputItemIds))
        {
            var parts = scope.Graph.ConversationItems[id].Body.Parts;
            for (var part = 0; part < parts.Count; part++)
            {
                if (parts[part] is TextPart shown && shown.Text.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
                {
                    json.WriteStartArray(name);
                    json.WriteNumberValue(scope.ItemOf(id));
                    json.WriteNumberValue(part);
                    json.WriteNumberValue(at);
                    json.WriteNumberValue(text.Length);
                    json.WriteEndArray();
                    return;
                }
            }
        }

        json.WriteString(name, text);
    }

    private static void Cells(Utf8JsonWriter json, ViewScope scope)
    {
        json.WriteStartArray("cells");
        foreach (var cell in scope.Graph.CodeCells.Values.OrderBy(static cell => cell.Execution.StartedSeq))
        {
            json.WriteStartObject();
            json.WriteString("id", cell.CodeCellId);
            json.Number("thread", scope.ThreadOf(cell.ThreadId));
            json.WriteNumber("source", scope.ItemOf(cell.SourceItemId));
            json.Runs("outputs", cell.OutputItemIds.Select(scope.ItemOf));
            json.Texts("tools", cell.NestedToolCallIds);
            json.Texts("waits", cell.WaitToolCallIds);
            json.EndElement();
        }

        json.WriteEndArray();
    }
}
