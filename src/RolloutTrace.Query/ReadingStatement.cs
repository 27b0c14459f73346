namespace RolloutTrace.Query;

/// <summary>Tells whether a text is one statement that reads.</summary>
internal static class ReadingStatement
{
    private static readonly string[] Reading = ["SELECT", "WITH", "FROM", "DESCRIBE", "DESC", "SHOW", "SUMMARIZE", "VALUES"];

    /// <summary>Why a text is none; null if it is one.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="isSelect">Whether the engine's own parser takes a text for statements that select.</param>
    public static string? WhyNot(string sql, Func<string, bool> isSelect)
    {
        var words = new SqlWords(sql);
        if (words.HasSecondStatement)
        {
            return "one statement is asked at a time";
        }

        var start = 0;
        if (words.Is(0, "EXPLAIN"))
        {
            start = words.Is(1, "ANALYZE") ? 2 : 1;
        }

        if (words.Count <= start)
        {
            return "there is no statement";
        }

        if (!Reading.Any(word => words.Is(start, word)))
        {
            return $"'{words.At(start)}' is no statement that reads: SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE and EXPLAIN of these are";
        }

        return isSelect(words.From(start)) ? null : "the statement does more than to read";
    }
}
