using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>The document that the page of two runs shows.</summary>
internal static class ComparisonDocument
{
    public static void Write(
        RolloutComparison comparison, IReadOnlyList<AlignedConversation> conversations, OpenRollout a, OpenRollout b, RolloutPageOptions options, Stream destination)
    {
        var rows = new Dictionary<(bool IsB, string ItemId), (int Conversation, int Row)>();
        for (var i = 0; i < conversations.Count; i++)
        {
            for (var row = 0; row < conversations[i].Items.Count; row++)
            {
                var pair = conversations[i].Items[row];
                Place(pair.A, isB: false, (i, row));
                Place(pair.B, isB: true, (i, row));
            }
        }

        using var json = ViewJson.WriterTo(destination);
        json.WriteStartObject();
        json.WriteString("format", "rollout-trace-comparison");
        json.WriteNumber("version", ViewDocument.Version);
        json.WriteBoolean("has_content", options.HasContent);
        json.WriteStartArray("runs");
        Run(json, comparison.A, a, comparison.Outcome.A);
        Run(json, comparison.B, b, comparison.Outcome.B);
        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (var difference in comparison.Differences)
        {
            Difference(json, difference, RowOf(difference, a, b, rows), options);
        }

        json.WriteEndArray();
        json.WriteStartArray("volatile");
        foreach (var count in comparison.Volatile)
        {
            json.WriteStartObject();
            json.WriteString("what", count.What);
            json.WriteNumber("count", count.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Text("gave_up", comparison.GaveUp ?? (conversations.Any(static one => one.GaveUp) ? "conversations differ in more places than are compared; only what is alike at their beginning and end is aligned" : null));
        json.WriteStartArray("conversations");
        foreach (var conversation in conversations)
        {
            Conversation(json, conversation, a, b, options);
        }

        json.WriteEndArray();
        json.WriteEndObject();

        void Place(AlignedItem? item, bool isB, (int, int) at)
        {
            if (item is not null)
            {
                rows.TryAdd((isB, item.ItemId), at);
            }
        }
    }

    // The item's, else that of the first item that the request has and the one before it had not: there the difference came in.
    private static (int Conversation, int Row)? RowOf(RolloutDifference difference, OpenRollout a, OpenRollout b, Dictionary<(bool, string), (int, int)> rows) =>
        RowOf(difference.A, a, isB: false, rows) ?? RowOf(difference.B, b, isB: true, rows);

    private static (int, int)? RowOf(DifferencePlace place, OpenRollout rollout, bool isB, Dictionary<(bool, string), (int, int)> rows)
    {
        if (place.Item is { } item)
        {
            return rows.TryGetValue((isB, item), out var of) ? of : null;
        }

        return place.Request is { } request && rollout.Graph.InferenceCalls.TryGetValue(request, out var call)
            && call.RequestItemIds is [.., var last] && rows.TryGetValue((isB, last), out var ofRequest) ? ofRequest : null;
    }

    private static void Run(Utf8JsonWriter json, ComparedRollout run, OpenRollout rollout, RolloutOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("bundle", run.Bundle);
        json.WriteString("rollout_id", run.RolloutId);
        json.WriteString("status", KindName.Of(rollout.Liveness.Status));
        json.WriteNumber("requests", outcome.Requests);
        json.WriteNumber("tool_calls", outcome.ToolCalls);
        json.Number("input_tokens", outcome.InputTokens);
        json.Number("output_tokens", outcome.OutputTokens);
        json.Number("wall_ms", outcome.WallMs);
        json.WriteEndObject();
    }

    private static void Difference(Utf8JsonWriter json, RolloutDifference difference, (int Conversation, int Row)? row, RolloutPageOptions options)
    {
        json.WriteStartObject();
        json.WriteString("kind", WordOf(difference.Kind));
        json.WriteString("what", WordOf(difference.What));
        json.Text("name", difference.Name);
        json.Text("source", difference.Source is { } source ? WordOf(source) : null);
        json.WriteNumber("consequences", difference.Consequences);
        json.WriteString("agent", difference.A.Thread);
        json.Text("request_a", difference.A.Request);
        json.Text("request_b", difference.B.Request);
        if (options.HasContent)
        {
            json.Text("a", difference.A.Text);
            json.Text("b", difference.B.Text);
        }

        json.Number("conversation", row?.Conversation);
        json.Number("row", row?.Row);
        json.WriteEndObject();
    }

    // As the document of diff has it.
    private static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static void Conversation(Utf8JsonWriter json, AlignedConversation conversation, OpenRollout a, OpenRollout b, RolloutPageOptions options)
    {
        json.WriteStartObject();
        json.Text("a", conversation.AgentPathA);
        json.Text("b", conversation.AgentPathB);
        json.WriteStartArray("rows");
        foreach (var pair in conversation.Items)
        {
            json.WriteStartObject();
            json.Flag("is_same", pair.IsSame);
            Item(json, "a", pair.A, a, options);
            Item(json, "b", pair.B, b, options);
            json.EndElement();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Item(Utf8JsonWriter json, string name, AlignedItem? aligned, OpenRollout rollout, RolloutPageOptions options)
    {
        if (aligned is null)
        {
            return;
        }

        var item = rollout.Graph.ConversationItems[aligned.ItemId];
        json.WriteStartObject(name);
        json.WriteString("id", item.ItemId);
        json.WriteString("role", WireName.Of(item.Role));
        json.WriteString("kind", WireName.Of(item.Kind));
        json.Text("tool", aligned.Tool.Length > 0 ? aligned.Tool : null);
        if (options.HasContent)
        {
            json.Text("text", aligned.Text);
            json.WriteStartArray("volatile");
            foreach (var piece in aligned.Volatile)
            {
                json.WriteStartArray();
                json.WriteNumberValue(piece.Start);
                json.WriteNumberValue(piece.Length);
                json.WriteStringValue(piece.What);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
