using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

/// <summary>Prints items with all that they say, one a line and their parts below.</summary>
internal static class WirePrinter
{
    public static string Print(WireItems items)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            text.Append(item.Kind);
            Add("role", item.Role);
            Add("channel", item.Channel);
            Add("call", item.CallId);
            Add("linked by", item.IsLinkedByName ? "name" : null);
            Add("name", item.Name);
            Add("author", item.Author);
            Add("recipient", item.Recipient);
            Add("content", Json(item.Content));
            Add("defect", item.Defect?.Describe("p"));
            text.Append('\n');
            foreach (ref readonly var part in item.Parts)
            {
                text.Append("  ").Append(part.Kind);
                Add("label", part.Label);
                Add("value", part.Kind == WirePartKind.Item ? "the item" : Json(part.Value));
                Add("defect", part.Defect?.Describe("p"));
                text.Append('\n');
            }
        }

        return text.ToString();

        void Add(string name, string? value) => text.Append(value is null ? "" : $" {name}: {value}");
    }

    private static string? Json(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? null : value.GetRawText();
}
