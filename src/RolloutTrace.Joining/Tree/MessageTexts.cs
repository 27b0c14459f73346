using System.Text.Json;
using RolloutTrace.Content;
using RolloutTrace.Wire;

namespace RolloutTrace.Joining.Tree;

/// <summary>What a model said last in a response, and what a tool gave, as text.</summary>
internal static class MessageTexts
{
    /// <summary>The last message of a response; null if it has none with text.</summary>
    public static string? OfResponse(JsonElement response)
    {
        var items = new WireItems();
        Dialects.ReadResponse(response, items);
        string? last = null;
        foreach (var item in items)
        {
            if (item is { Kind: WireItemKind.Message, Role: null or "assistant" } && Text(item) is { Length: > 0 } text)
            {
                last = text;
            }
        }

        return last;
    }

    /// <summary>The texts that a tool's result may stand for: as it is, and without what it was wrapped in on its way.</summary>
    public static IEnumerable<string> OfResult(JsonElement result)
    {
        var given = JsonText.MemberOrNull(result, "type") switch
        {
            "direct_response" => ToolResult.InItem(JsonText.Member(result, "response_item")) ?? JsonText.Member(result, "response_item"),
            "code_mode_response" => JsonText.Member(result, "value"),
            _ => default,
        };
        return Texts(given, mayUnwrap: true);
    }

    private static IEnumerable<string> Texts(JsonElement value, bool mayUnwrap)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when JsonText.Read(value, out _) is { } text:
                yield return text;
                if (mayUnwrap && text.AsSpan().TrimStart() is ['{' or '[' or '"', ..])
                {
                    foreach (var inner in Texts(Parts.Documents.TryParse(System.Text.Encoding.UTF8.GetBytes(text)), mayUnwrap: false))
                    {
                        yield return inner;
                    }
                }

                break;
            case JsonValueKind.Array:
                var parts = value.EnumerateArray().Select(static part => JsonText.MemberOrNull(part, "text")).ToList();
                if (parts.Count > 0 && parts.TrueForAll(static part => part is not null))
                {
                    yield return string.Concat(parts);
                }

                break;
            case JsonValueKind.Object when JsonText.MemberOrNull(value, "text") is { } text:
                yield return text;
                break;
            case JsonValueKind.Object:
                foreach (var text in Texts(JsonText.Member(value, "content"), mayUnwrap: false))
                {
                    yield return text;
                }

                break;
        }
    }

    private static string Text(WireItem item)
    {
        var texts = new List<string>();
        foreach (ref readonly var part in item.Parts)
        {
            if (part.Kind is WirePartKind.Text or WirePartKind.TextOrReference && JsonText.Read(part.Value, out _) is { } text)
            {
                texts.Add(text);
            }
        }

        return string.Concat(texts);
    }
}
