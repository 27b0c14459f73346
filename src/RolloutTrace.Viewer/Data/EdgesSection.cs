using System.Text.Json;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>edges</c>: what went from one agent to another, in the order of time.</summary>
internal static class EdgesSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        json.WriteStartArray("edges");
        foreach (var edge in scope.Graph.InteractionEdges.Values.OrderBy(static edge => edge.StartedAtUnixMs).ThenBy(static edge => edge.EdgeId, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id", edge.EdgeId);
            json.WriteString("kind", WireName.Of(edge.Kind));
            json.WriteNumber("at", edge.StartedAtUnixMs);
            json.Number("ended_at", edge.EndedAtUnixMs);
            Anchor(json, scope, "source", edge.Source);
            Anchor(json, scope, "target", edge.Target);
            json.Runs("carried", edge.CarriedItemIds.Select(scope.ItemOf));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Anchor(Utf8JsonWriter json, ViewScope scope, string name, InteractionAnchor anchor)
    {
        var (thread, id) = anchor switch
        {
            ConversationItemAnchor item => (scope.Graph.ConversationItems[item.ItemId].ThreadId, item.ItemId),
            ToolCallAnchor tool => (scope.Graph.ToolCalls[tool.ToolCallId].ThreadId, tool.ToolCallId),
            ThreadAnchor other => (other.ThreadId, other.ThreadId),
            _ => throw new InvalidOperationException($"unknown anchor {anchor}"),
        };
        json.WriteStartObject(name);
        json.Number("thread", scope.ThreadOf(thread));
        json.WriteString("id", id);
        json.WriteEndObject();
    }
}
