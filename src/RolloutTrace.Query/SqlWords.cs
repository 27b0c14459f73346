namespace RolloutTrace.Query;

/// <summary>The first words of a statement, and whether another comes behind it: comments and quoted texts aside.</summary>
internal sealed class SqlWords
{
    private const int Kept = 4;

    private readonly string sql;
    private readonly List<(int Start, int End)> words = [];

    public SqlWords(string sql)
    {
        this.sql = sql;
        var ended = false;
        for (var i = 0; i < sql.Length;)
        {
            var end = EndOf(i, out var isBlank);
            if (!isBlank)
            {
                HasSecondStatement |= ended && sql[i] != ';';
                if (sql[i] == ';')
                {
                    ended = words.Count > 0;
                }
                else if (words.Count < Kept)
                {
                    words.Add((i, end));
                }
            }

            i = end;
        }
    }

    public bool HasSecondStatement { get; }

    public int Count => words.Count;

    public string At(int place) => sql[words[place].Start..words[place].End];

    public bool Is(int place, string word) => place < Count && string.Equals(At(place), word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text from a word on.</summary>
    public string From(int place) => sql[words[place].Start..];

    private int EndOf(int start, out bool isBlank)
    {
        isBlank = true;
        var c = sql[start];
        if (char.IsWhiteSpace(c))
        {
            return start + 1;
        }

        if (At(start, "--"))
        {
            return After(start, "\n");
        }

        if (At(start, "/*"))
        {
            return EndOfComment(start);
        }

        isBlank = false;
        if (c is '\'' or '"')
        {
            return After(start + 1, c.ToString());
        }

        if (c == '$' && DollarTag(start) is { } tag)
        {
            return After(start + tag.Length, tag);
        }

        var end = start + 1;
        while (IsWord(c) && end < sql.Length && IsWord(sql[end]))
        {
            end++;
        }

        return end;
    }

    // Comments stand within each other.
    private int EndOfComment(int start)
    {
        var depth = 0;
        for (var i = start; i < sql.Length; i++)
        {
            if (At(i, "/*"))
            {
                depth++;
                i++;
            }
            else if (At(i, "*/"))
            {
                i++;
                if (--depth == 0)
                {
                    return i + 1;
                }
            }
        }

        return sql.Length;
    }

    private string? DollarTag(int start)
    {
        var end = start + 1;
        while (end < sql.Length && IsWord(sql[end]))
        {
            end++;
        }

        return end < sql.Length && sql[end] == '$' ? sql[start..(end + 1)] : null;
    }

    private int After(int from, string text)
    {
        var found = from <= sql.Length ? sql.IndexOf(text, from, StringComparison.Ordinal) : -1;
        return found < 0 ? sql.Length : found + text.Length;
    }

    private bool At(int place, string text) => string.CompareOrdinal(sql, place, text, 0, text.Length) == 0;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
