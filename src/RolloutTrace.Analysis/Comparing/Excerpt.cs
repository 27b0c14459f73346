namespace RolloutTrace.Analysis.Comparing;

/// <summary>What is shown of two texts that differ: where they do.</summary>
internal static class Excerpt
{
    private const int Most = 400;
    private const int Before = 80;

    /// <summary>The two, cut to the first character that differs and what is around it.</summary>
    public static (string? A, string? B) Of(string? a, string? b)
    {
        var at = a is null || b is null ? 0 : a.AsSpan().CommonPrefixLength(b);
        return (Cut(a, at), Cut(b, at));
    }

    private static string? Cut(string? text, int at)
    {
        if (text is null || text.Length <= Most)
        {
            return text;
        }

        var start = at <= Before ? 0 : TextClusters.PlaceAtOrBefore(text, Math.Min(at - Before, text.Length - 1));
        var room = Most - (start > 0 ? 1 : 0);
        if (text.Length - start <= room)
        {
            return $"…{text[start..]}";
        }

        var end = TextClusters.PlaceAtOrBefore(text, start + room - 1);
        return $"{(start > 0 ? "…" : "")}{text[start..end]}…";
    }
}
