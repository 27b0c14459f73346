using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Given;

/// <summary>The first place where two JSON values say something else. How they are laid out, and what no model is shown, does not count.</summary>
/// <param name="Member">The way to the member, with dots and indices; empty for the whole value.</param>
/// <param name="Change">What stood there and what stands there.</param>
internal sealed record JsonDifference(string Member, TextChange Change)
{
    // Marks for the cache itself, and names and states of items.
    private static readonly HashSet<string> NotShown = new(["cache_control", "id", "status", "internal_chat_message_metadata_passthrough"], StringComparer.Ordinal);

    // In what a model itself has written it is shown the members in their order.
    private static readonly HashSet<string> Ordered = new(["input", "args", "arguments"], StringComparer.Ordinal);

    /// <summary>The first difference; null if there is none.</summary>
    /// <param name="was">The value before.</param>
    /// <param name="now">The value now.</param>
    public static JsonDifference? Find(JsonElement was, JsonElement now) => Find(was, now, "", isWritten: false);

    /// <summary>The first difference of two texts of JSON; null if there is none.</summary>
    public static JsonDifference? Find(string was, string now)
    {
        if (string.Equals(was, now, StringComparison.Ordinal))
        {
            return null;
        }

        using var before = JsonDocument.Parse(was, Documents.Options);
        using var after = JsonDocument.Parse(now, Documents.Options);
        return Find(before.RootElement, after.RootElement);
    }

    private static JsonDifference? Find(JsonElement was, JsonElement now, string way, bool isWritten)
    {
        if (JsonMarshal.GetRawUtf8Value(was).SequenceEqual(JsonMarshal.GetRawUtf8Value(now)))
        {
            return null;
        }

        return (was.ValueKind, now.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => OfObjects(was, now, way, isWritten),
            (JsonValueKind.Array, JsonValueKind.Array) => OfArrays(was, now, way, isWritten),
            _ => OfTexts(way, TextOf(was), TextOf(now)),
        };
    }

    private static JsonDifference? OfObjects(JsonElement was, JsonElement now, string way, bool isWritten)
    {
        var (before, after) = (Members(was, isWritten), Members(now, isWritten));
        var byName = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in after)
        {
            byName[name] = value;
        }

        foreach (var (name, value) in before)
        {
            var found = byName.TryGetValue(name, out var other)
                ? Find(value, other, Join(way, name), isWritten || Ordered.Contains(name))
                : OfTexts(Join(way, name), TextOf(value), null);
            if (found is not null)
            {
                return found;
            }
        }

        var known = before.Select(static member => member.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in after)
        {
            if (!known.Contains(name))
            {
                return OfTexts(Join(way, name), null, TextOf(value));
            }
        }

        return isWritten && !before.Select(static member => member.Name).SequenceEqual(after.Select(static member => member.Name), StringComparer.Ordinal)
            ? OfTexts(way, TextOf(was), TextOf(now))
            : null;
    }

    private static JsonDifference? OfArrays(JsonElement was, JsonElement now, string way, bool isWritten)
    {
        using var before = was.EnumerateArray();
        using var after = now.EnumerateArray();
        for (var i = 0; ; i++)
        {
            var (hasBefore, hasAfter) = (before.MoveNext(), after.MoveNext());
            if (!hasBefore && !hasAfter)
            {
                return null;
            }

            var entry = $"{way}[{i}]";
            var found = hasBefore && hasAfter
                ? Find(before.Current, after.Current, entry, isWritten)
                : OfTexts(entry, hasBefore ? TextOf(before.Current) : null, hasAfter ? TextOf(after.Current) : null);
            if (found is not null)
            {
                return found;
            }
        }
    }

    private static JsonDifference? OfTexts(string way, string? was, string? now) =>
        TextDifference.Find(was, now) is { } change ? new JsonDifference(way, change) : null;

    private static List<(string Name, JsonElement Value)> Members(JsonElement value, bool isWritten)
    {
        var members = new List<(string, JsonElement)>();
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonText.Name(member, out _);
            if (isWritten || !NotShown.Contains(name))
            {
                members.Add((name, member.Value));
            }
        }

        return members;
    }

    private static string TextOf(JsonElement value) => JsonText.Read(value, out _) ?? Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));

    private static string Join(string way, string name) => way.Length == 0 ? name : $"{way}.{name}";
}
