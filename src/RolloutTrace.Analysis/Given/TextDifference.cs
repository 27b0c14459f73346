namespace RolloutTrace.Analysis.Given;

/// <summary>Finds where texts differ, and shows it.</summary>
internal static class TextDifference
{
    private const int Before = 24;
    private const int Shown = 72;

    /// <summary>Where two texts first differ; null if they do not.</summary>
    public static TextChange? Find(string? was, string? now)
    {
        if (string.Equals(was, now, StringComparison.Ordinal))
        {
            return null;
        }

        var at = was.AsSpan().CommonPrefixLength(now.AsSpan());
        return new TextChange { At = at, Was = Around(was, at), Is = Around(now, at) };
    }

    // What leads there is shown too: of a date that has changed, its last digit alone says little.
    private static string? Around(string? text, int at)
    {
        if (text is null)
        {
            return null;
        }

        var start = at <= Before ? 0 : TextClusters.PlaceAtOrBefore(text, at - Before);
        var end = Math.Min(text.Length, start + (2 * Shown));
        return (start > 0 ? "…" : "") + ItemText.Preview(text[start..end], Shown);
    }
}
