using System.Text.Json;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>operations</c> on terminals: commands, what was written to them, and what they printed.</summary>
internal static class OperationsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
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
                if (parts[part] is TextPart shown && shown.Text.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at && at + text.Length < ShownText.Most)
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

        json.Text(name, text);
    }
}
