using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>items</c>, by their numbers: what models saw and said, each once.</summary>
internal static class ItemsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        var whole = WholeParts.In(scope);
        var spoken = new Dictionary<string, int>(StringComparer.Ordinal);
        json.WriteStartArray("items");
        for (var number = 0; number < scope.Items.Count; number++)
        {
            var (item, origin) = scope.Items[number];
            json.WriteStartObject();
            json.WriteString("id", item.ItemId);
            json.Number("thread", scope.ThreadOf(item.ThreadId));
            json.WriteString("role", WireName.Of(item.Role));
            json.WriteString("kind", WireName.Of(item.Kind));
            json.Text("channel", item.Channel is { } channel ? WireName.Of(channel) : null);
            json.Text("call_id", item.CallId);
            json.Text("name", origin.Name ?? whole?.NameOf(item.ItemId));
            json.Text("author", item.AgentMessage?.Author);
            json.Text("recipient", item.AgentMessage?.Recipient);
            json.WriteString("origin", KindName.Of(origin.Origin));
            json.Text("origin_tool", origin.Tool);
            json.WriteNumber("bytes", origin.Bytes);
            json.WriteNumber("at", item.FirstSeenAtUnixMs);
            json.Text("tool", scope.Rollout.Index.ToolOf(item.ItemId)?.ToolCallId);
            json.Text("cell", scope.Rollout.Index.CellOf(item.ItemId)?.CodeCellId);
            if (scope.Rollout.Index.IsRepetition(item.ItemId))
            {
                json.Number("repeats", spoken.TryGetValue(Words(scope, item), out var first) ? first : null);
            }
            else if (item.Body.Parts.Any(static part => part is PayloadReferencePart))
            {
                spoken.TryAdd(Words(scope, item), number);
            }

            if (scope.HasContent)
            {
                Parts(json, item, whole?.Of(item.ItemId));
            }

            json.EndElement();
        }

        json.WriteEndArray();
    }

    // What an item says, wherever its payloads are.
    private static string Words(ViewScope scope, ConversationItem item) =>
        $"{scope.ThreadOf(item.ThreadId)} {item.Role} {item.Kind} {string.Join('\n', item.Body.Parts.Select(static part => part is PayloadReferencePart reference ? reference.Label : ItemText.Of(part)))}";

    private static void Parts(Utf8JsonWriter json, ConversationItem item, IReadOnlyList<string?>? whole)
    {
        json.WriteStartArray("parts");
        for (var i = 0; i < item.Body.Parts.Count; i++)
        {
            json.WriteStartObject();
            switch (item.Body.Parts[i])
            {
                case TextPart text:
                    json.WriteString("type", "text");
                    json.Text("text", text.Text);
                    break;
                case SummaryPart summary:
                    json.WriteString("type", "summary");
                    json.Text("text", summary.Text);
                    break;
                case CodePart code:
                    json.WriteString("type", "code");
                    json.WriteString("language", code.Language);
                    json.Text("text", code.Source);
                    break;
                case JsonPart part:
                    json.WriteString("type", "json");
                    json.Text("text", whole?[i] ?? part.Summary);
                    break;
                case EncodedPart encoded:
                    // Only the provider can read it.
                    json.WriteString("type", "encoded");
                    json.WriteString("label", encoded.Label);
                    json.WriteNumber("length", encoded.Value.Length);
                    break;
                case PayloadReferencePart reference:
                    json.WriteString("type", "payload_ref");
                    json.WriteString("label", reference.Label);
                    json.Text("json", whole?[i]);
                    break;
                case var other:
                    throw new InvalidOperationException($"unknown part {other}");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
