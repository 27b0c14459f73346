using System.Text;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Events of the Responses API. The last one has the whole response; where it has not come, there are the items that were done, and of
/// the item that was under way, what had arrived.
/// </summary>
internal sealed class ResponsesStream : StreamAssembly
{
    private readonly SortedDictionary<int, Item> items = [];
    private JsonElement response;

    public override void Add(JsonElement streamed)
    {
        if (JsonText.Member(streamed, "response") is { ValueKind: JsonValueKind.Object } said)
        {
            response = said;
        }

        switch (JsonText.MemberOrNull(streamed, "type"))
        {
            case "response.output_item.added":
                ItemOf(streamed).Begun = JsonText.Member(streamed, "item");
                break;
            case "response.output_item.done":
                ItemOf(streamed).Done = JsonText.Member(streamed, "item");
                break;
            case "response.output_text.delta":
                AddText(streamed, "output_text");
                break;
            case "response.refusal.delta":
                AddText(streamed, "refusal");
                break;
            case "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta":
                var call = ItemOf(streamed);
                call.Given = Append(call.Given, JsonText.Member(streamed, "delta"));
                break;
        }
    }

    protected override void Write(Utf8JsonWriter writer)
    {
        WriteBut(writer, response, "output");
        if (JsonText.Member(response, "output") is { ValueKind: JsonValueKind.Array } output && (output.GetArrayLength() > 0 || items.Count == 0))
        {
            Write(writer, "output", output);
            return;
        }

        writer.WriteStartArray("output");
        foreach (var item in items.Values)
        {
            if (item.Done.ValueKind == JsonValueKind.Object)
            {
                WriteRaw(writer, item.Done);
            }
            else if (item.Begun.ValueKind == JsonValueKind.Object || item.Texts.Count > 0)
            {
                WriteBegun(writer, item);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteBegun(Utf8JsonWriter writer, Item item)
    {
        writer.WriteStartObject();
        if (item.Begun.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteString("type", "message");
            writer.WriteString("role", "assistant");
        }

        var given = JsonText.MemberOrNull(item.Begun, "type") is "custom_tool_call" ? "input" : "arguments";
        WriteBut(writer, item.Begun, item.Texts.Count > 0 ? "content" : "", item.Given is null ? "" : given);
        Write(writer, given, item.Given);
        if (item.Texts.Count > 0)
        {
            writer.WriteStartArray("content");
            foreach (var (type, text) in item.Texts.Values)
            {
                writer.WriteStartObject();
                writer.WriteString("type", type);
                Write(writer, type == "refusal" ? type : "text", text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void AddText(JsonElement streamed, string type)
    {
        var texts = ItemOf(streamed).Texts;
        var index = Index(streamed, "content_index");
        var known = texts.TryGetValue(index, out var text) ? text.Text : new StringBuilder();
        texts[index] = (type, Append(known, JsonText.Member(streamed, "delta"))!);
    }

    private Item ItemOf(JsonElement streamed)
    {
        var index = Index(streamed, "output_index");
        if (!items.TryGetValue(index, out var item))
        {
            items.Add(index, item = new Item());
        }

        return item;
    }

    private static int Index(JsonElement streamed, string member) =>
        JsonText.Member(streamed, member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var index) ? index : 0;

    private sealed class Item
    {
        public JsonElement Begun { get; set; }

        public JsonElement Done { get; set; }

        public StringBuilder? Given { get; set; }

        public SortedDictionary<int, (string Type, StringBuilder Text)> Texts { get; } = [];
    }
}
