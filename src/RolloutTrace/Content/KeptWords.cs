namespace RolloutTrace.Content;

/// <summary>Words of which a program keeps less than it has shown to a model: what it looked up for a question is made anew with each.</summary>
internal static class KeptWords
{
    /// <summary>Whether what is kept stands in what was shown, at its beginning or its end or between other words, and not inside of one.</summary>
    public static bool AreIn(string shown, string kept)
    {
        var words = kept.AsSpan().Trim();
        if (words.IsEmpty)
        {
            return false;
        }

        for (var at = shown.AsSpan().IndexOf(words, StringComparison.Ordinal); at >= 0;)
        {
            if (IsEdge(shown, at) && IsEdge(shown, at + words.Length))
            {
                return true;
            }

            var next = shown.AsSpan(at + 1).IndexOf(words, StringComparison.Ordinal);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool IsEdge(string text, int at) => at == 0 || at == text.Length || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at]);
}
