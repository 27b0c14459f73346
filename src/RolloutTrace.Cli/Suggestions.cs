namespace RolloutTrace.Cli;

/// <summary>Guesses which word is meant by one that is none.</summary>
internal static class Suggestions
{
    private const int MostErrors = 2;

    /// <summary>The nearest of some words, if it is near enough; null if none is.</summary>
    public static string? Of(string word, IEnumerable<string> words) => words
        .Select(known => (Word: known, Distance: known.Length > 2 && word.Length > 2 && known.StartsWith(word, StringComparison.Ordinal) ? 1 : Distance(word, known)))
        .Where(candidate => candidate.Distance <= Math.Min(MostErrors, candidate.Word.Length / 2))
        .OrderBy(static candidate => candidate.Distance)
        .ThenBy(static candidate => candidate.Word, StringComparer.Ordinal)
        .Select(static candidate => candidate.Word)
        .FirstOrDefault();

    // Letters that are missing, too many, others, or in the other order.
    private static int Distance(string a, string b)
    {
        var distances = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                var least = Math.Min(Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1, distances[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                distances[i, j] = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] ? Math.Min(least, distances[i - 2, j - 2] + 1) : least;
            }
        }

        return distances[a.Length, b.Length];
    }
}
