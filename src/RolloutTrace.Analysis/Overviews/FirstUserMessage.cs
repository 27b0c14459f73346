using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>Finds what the user said first, in the first request of a rollout.</summary>
internal static class FirstUserMessage
{
    private const int MostCharacters = 200;

    // A request that is larger has a beginning too, but to find it all would be read.
    private const long MostBytes = 16 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>The beginning of the message on one line; null if there is none, or nobody can tell.</summary>
    public static string? Of(BundleReader bundle, PayloadReference request)
    {
        try
        {
            if (bundle.Files.GetLength(request.Path) > MostBytes)
            {
                return null;
            }

            using var bytes = bundle.ReadPayload(request);
            using var document = JsonDocument.Parse(bytes.Memory, Options);
            return TextIn(document.RootElement) is { } text && ItemText.Preview(text, MostCharacters) is { Length: > 0 } preview ? preview : null;
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            return null;
        }
    }

    private static string? TextIn(JsonElement request)
    {
        var (dialect, list) = (Dialects.OfRequest(request), Dialects.ListOf(request));
        if (list.ValueKind != JsonValueKind.Array)
        {
            return JsonText.OrNull(list);
        }

        string? first = null;
        var items = new WireItems();
        foreach (var entry in list.EnumerateArray())
        {
            items.Clear();
            Dialects.Read(entry, dialect, items);
            foreach (var item in items)
            {
                if (item is not { Kind: WireItemKind.Message, Role: "user" } || TextOf(item) is not { Length: > 0 } text)
                {
                    continue;
                }

                if (!HarnessNote.Is(text))
                {
                    return text;
                }

                first ??= text;
            }
        }

        return first;
    }

    private static string TextOf(WireItem item)
    {
        var text = new StringBuilder();
        foreach (var part in item.Parts)
        {
            if (part.Kind is WirePartKind.Text or WirePartKind.TextOrReference && JsonText.OrNull(part.Value) is { } said)
            {
                text.Append(text.Length == 0 ? "" : "\n").Append(said);
            }
        }

        return text.ToString();
    }
}
