using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>tools</c>: the tool calls; and <c>cells</c> of code.</summary>
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
        Cells(json, scope);
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
