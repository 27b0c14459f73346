using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>
/// Finds the events on a line that the contract refuses: behind a run of NUL bytes or a torn event, fused to another one, with text
/// that is not valid Unicode, or with words and members that are not known. Time grows linearly with the line.
/// </summary>
internal static class LineRepair
{
    private static readonly JsonReaderOptions Several = new() { MaxDepth = BundleReaderOptions.MaxDepth, AllowMultipleValues = true };

    /// <summary>An event names a span in another form than ours.</summary>
    public static LineDefect ForeignSpan { get; } =
        new(LineDefectKind.MemberIgnored, "the member 'otel' is not the span that an event comes from; it is somebody else's", "otel");

    /// <summary>What can be read of a line.</summary>
    /// <param name="line">The line, which may not be changed.</param>
    /// <param name="refusal">Why the contract refuses it.</param>
    /// <param name="lineNumber">Its number.</param>
    /// <param name="last">The event before it, from which what every event has is taken where it is missing; null for none.</param>
    /// <returns>The events in their order, each with why it is refused where it is, and what was mended; none if none can be read.</returns>
    public static IReadOnlyList<(RawEvent Event, LineDefect? Refusal, IReadOnlyList<LineDefect> Repairs)> Read(
        ReadOnlySpan<byte> line,
        LineDefect refusal,
        long lineNumber,
        RawEvent? last)
    {
        var found = new List<(RawEvent, LineDefect?, IReadOnlyList<LineDefect>)>();
        var repairs = new List<LineDefect>();
        var refused = line;
        if (lineNumber == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
            repairs.Add(new LineDefect(LineDefectKind.ByteOrderMark, "a byte order mark stands before the event"));
        }

        line = Mended(line, repairs);
        var passedOver = 0;
        var at = 0;
        while (at < line.Length)
        {
            var rest = line[at..];
            var length = LengthOfValue(rest);
            if (length > 0 && ReadOne(rest[..length], rest[..length] == refused, repairs, last) is { } rawEvent)
            {
                found.Add((rawEvent, IsOnlyIgnored(repairs) && found.Count == 0 && passedOver == 0 ? null : refusal, [.. repairs]));
                repairs.Clear();
                last = rawEvent;
                at += length;
                continue;
            }

            // What begins here is no event. The next one begins at a brace with the member that every writer writes first.
            repairs.RemoveAll(static repair => repair.Kind is not (LineDefectKind.ByteOrderMark or LineDefectKind.TextMended));
            var passed = rest[..(length > 0 ? length : NextStart(rest))];
            passedOver += passed.Trim(" \t\r\n"u8).IsEmpty ? 0 : passed.Length;
            at += passed.Length;
        }

        if (found.Count > 0 && passedOver > 0)
        {
            found[0] = (found[0].Item1, refusal, [.. found[0].Item3, new LineDefect(LineDefectKind.Remains, $"the line has {passedOver} bytes that are no event beside one that is; they are passed over")]);
        }
        else if (found.Count > 1)
        {
            found[0] = (found[0].Item1, refusal, [.. found[0].Item3, new LineDefect(LineDefectKind.Fused, $"the line has {found.Count} events")]);
        }

        return found;
    }

    private static bool IsOnlyIgnored(List<LineDefect> repairs) => repairs.Count > 0 && repairs.TrueForAll(static repair => repair.Kind == LineDefectKind.MemberIgnored);

    private static RawEvent? ReadOne(ReadOnlySpan<byte> json, bool isRefused, List<LineDefect> repairs, RawEvent? last)
    {
        if (!isRefused && ContractLine.Read(json).Event is { } sound)
        {
            return sound;
        }

        try
        {
            var document = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = BundleReaderOptions.MaxDepth });
            using var parsed = JsonDocument.ParseValue(ref document);
            if (NodeOf(parsed.RootElement) is not JsonObject root || !EventRepair.Mend(root, last, repairs) || ContractLine.Read(Encoding.UTF8.GetBytes(root.ToJsonString())).Event is not { } mended)
            {
                return null;
            }

            if (repairs.Count == 0)
            {
                repairs.Add(new LineDefect(LineDefectKind.MissingMember, "the event has a member twice, or one that no event has; of two the last counts"));
            }

            return mended;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Of several members with one name the last counts, as for any reader of JSON.
    private static JsonNode? NodeOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var node = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    node[JsonText.Name(member, out _)] = NodeOf(member.Value);
                }

                return node;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(NodeOf)]);
            case JsonValueKind.String:
                return JsonValue.Create(JsonText.Read(element, out _)!);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    // Half a surrogate pair, and bytes that are not UTF-8.
    private static ReadOnlySpan<byte> Mended(ReadOnlySpan<byte> line, List<LineDefect> repairs)
    {
        var isUtf8 = Utf8.IsValid(line);
        if (isUtf8 && line.IndexOf("\\u"u8) < 0)
        {
            return line;
        }

        var mended = isUtf8 ? line.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));
        if (HalfPairs.Replace(mended) > 0 || !isUtf8)
        {
            repairs.Add(new LineDefect(LineDefectKind.TextMended, "the line holds text that is not valid Unicode; U+FFFD stands in the place of each such character"));
        }

        return mended;
    }

    // How long the JSON value is that stands at the beginning, with the white space around it; 0 if none does.
    private static int LengthOfValue(ReadOnlySpan<byte> text)
    {
        if (text.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            return 0;
        }

        // A torn one is the usual case: it is told without an exception.
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(Several));
        try
        {
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    // Where behind the first byte the next event may begin; the end of the text if none does.
    private static int NextStart(ReadOnlySpan<byte> text)
    {
        var from = 1;
        while (text[from..].IndexOf("\"schema_version\""u8) is >= 0 and var at)
        {
            var before = text[..(from + at)].TrimEnd(" \t"u8);
            if (before.Length > 1 && before[^1] == '{')
            {
                return before.Length - 1;
            }

            from += at + 1;
        }

        return text.Length;
    }
}
