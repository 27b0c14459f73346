using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>What a tool gave.</summary>
internal sealed class ToolResult(JsonElement value) : IContentEntry
{
    public long WireBytes => value.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(value).Length;

    /// <summary>What is in an item of any dialect that takes a tool's result to the model; null if it is no such item.</summary>
    public static JsonElement? InItem(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || Dialects.OfEntry(item) is not { } dialect)
        {
            return null;
        }

        var items = new WireItems();
        dialect.Read(item, items);
        if (items.Count != 1)
        {
            return null;
        }

        return items[0].Kind switch
        {
            WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput => items[0].Content,
            WireItemKind.BuiltInCallOutput when JsonText.Member(item, "output") is { ValueKind: not JsonValueKind.Undefined } output => output,
            _ => null,
        };
    }

    public void WriteTo(Utf8JsonWriter writer, int maxText) => ContentJson.WriteResult(writer, value, maxText);

    public IContentEntry? Thinned() => null;
}
