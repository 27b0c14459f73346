using RolloutTrace.Arguments;

namespace RolloutTrace.Callers;

/// <summary>
/// The entry <c>rollout.caller</c> of W3C baggage: the ids of rollout, thread and tool call, each percent-encoded, with slashes between. The
/// whole is percent-encoded once more, as every value of baggage; for ids that need none that changes nothing.
/// </summary>
internal static class CallerBaggage
{
    public const string Key = "rollout.caller";

    /// <summary>The header, or variable in lower case, that baggage travels in.</summary>
    public const string Field = "baggage";

    // What the specification has every hop pass on.
    private const int MaxLength = 8192;

    /// <summary>The entry's value, before it is encoded as one; without a tool call it has two ids.</summary>
    public static string Value(string rolloutId, string threadId, string? toolCallId)
    {
        var value = $"{Uri.EscapeDataString(rolloutId)}/{Uri.EscapeDataString(threadId)}";
        return toolCallId is null ? value : $"{value}/{Uri.EscapeDataString(toolCallId)}";
    }

    /// <summary>The ids in a value that has been decoded once; null if it is none.</summary>
    public static (string RolloutId, string ThreadId, string? ToolCallId)? Parse(string? value)
    {
        if (value is null || value.Length > MaxLength || value.Split('/') is not { Length: 2 or 3 } ids)
        {
            return null;
        }

        var decoded = Array.ConvertAll(ids, static id => EventText.Id(Uri.UnescapeDataString(id)));
        return decoded is [{ } rolloutId, { } threadId, ..] ? (rolloutId, threadId, decoded.Length == 3 ? decoded[2] : null) : null;
    }

    /// <summary>Baggage with the entry, in the place of one that was there; what it was, where there is no room.</summary>
    public static string With(string? baggage, string value)
    {
        var entry = $"{Key}={Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal)}";
        var rest = Without(baggage);
        var all = string.IsNullOrEmpty(rest) ? entry : $"{rest},{entry}";
        return all.Length <= MaxLength ? all : rest;
    }

    /// <summary>Baggage without the entry.</summary>
    public static string Without(string? baggage) =>
        string.Join(',', (baggage ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries).Where(static member => !IsEntry(member, out _)));

    /// <summary>The entry's value in a header, decoded once; null if it has none.</summary>
    public static string? Find(string? baggage)
    {
        foreach (var member in (baggage ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IsEntry(member, out var value))
            {
                return Uri.UnescapeDataString(value);
            }
        }

        return null;
    }

    private static bool IsEntry(string member, out string value)
    {
        var end = member.IndexOf('=', StringComparison.Ordinal);
        value = end < 0 ? string.Empty : member[(end + 1)..].Split(';')[0].Trim();
        return end >= 0 && member.AsSpan(0, end).Trim().SequenceEqual(Key);
    }
}
