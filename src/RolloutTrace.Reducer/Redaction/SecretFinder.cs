namespace RolloutTrace.Reducer.Redaction;

/// <summary>
/// Finds secrets in texts, through escapes and through JSON that stands in a text. Before the table is complete it adds what the rules
/// find; afterwards it knows the table's too.
/// </summary>
internal sealed class SecretFinder(SecretRules rules, SecretTable table)
{
    /// <summary>Finds what is in a name, string or number of a JSON text.</summary>
    /// <param name="token">It.</param>
    /// <param name="source">The text that it stands in.</param>
    /// <param name="hits">Gets what is found.</param>
    public void Find(JsonToken token, MappedText source, List<Hit> hits)
    {
        var written = source.Slice(token.Start, token.Length);
        var text = token.Kind == JsonTokenKind.Number ? written : written.Unescaped() ?? written;
        switch (token.Kind)
        {
            case JsonTokenKind.Name when Vocabulary.IsName(text.Text):
            case JsonTokenKind.Number when token.Member is not null && Vocabulary.IsName(token.Member):
            case JsonTokenKind.Text when Vocabulary.Keeps(token.NearestName, text.Text):
                return;
            case JsonTokenKind.Text or JsonTokenKind.Number when rules.OfMember(token) is { } rule:
                FindUnder(rule, text, hits);
                break;
        }

        if (token.Kind == JsonTokenKind.Number)
        {
            FindNumber(text, hits);
        }
        else
        {
            Find(text, hits);
        }
    }

    /// <summary>Finds what is in a text.</summary>
    public void Find(MappedText text, List<Hit> hits)
    {
        for (var level = text; level is not null; level = level.Unescaped())
        {
            if (JsonTokens.MayBe(level.Text) && JsonTokens.Of(level.Text) is { IsSound: true } json)
            {
                foreach (var token in json.All)
                {
                    Find(token, level, hits);
                }

                FindWithin(json, level, hits);
                return;
            }

            hits.AddRange(Search(level));
        }
    }

    // What a name gives away is the whole text, but for the scheme of an authorization.
    private void FindUnder(string rule, MappedText text, List<Hit> hits)
    {
        var start = 0;
        foreach (var scheme in (string[])["Bearer ", "Basic ", "Token "])
        {
            start = text.Text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? scheme.Length : start;
        }

        if (start < text.Text.Length && !SecretTable.IsMark(text.Text[start..]))
        {
            hits.Add(new Hit(text, start, text.Text.Length, table.Add(text.Text[start..], rule)));
        }
    }

    // A part of a number cannot be replaced.
    private void FindNumber(MappedText number, List<Hit> hits) =>
        hits.AddRange(Search(number, SecretTable.MinCarried).Where(hit => hit.Start == 0 && hit.End == number.Text.Length));

    // What a pattern matches beyond a string costs the strings, and not the JSON that they stand in.
    private void FindWithin(JsonTokens json, MappedText text, List<Hit> hits)
    {
        foreach (var hit in Search(text).ToArray())
        {
            for (var i = FirstBehind(json.All, hit.Start); i < json.All.Count && json.All[i].Start < hit.End; i++)
            {
                var token = json.All[i];
                var (start, end) = (Math.Max(hit.Start, token.Start), Math.Min(hit.End, token.Start + token.Length));
                var isWhole = start == token.Start && end == token.Start + token.Length;
                if (start >= end || (token.Kind == JsonTokenKind.Number && !isWhole) || IsKept(token, text))
                {
                    continue;
                }

                var isAll = start == hit.Start && end == hit.End;
                hits.Add(new Hit(text, start, end, isAll ? hit.Mark : table.Add(text.Text[start..end], "a pattern's part")));
            }
        }
    }

    // The first that does not end before a place.
    private static int FirstBehind(IReadOnlyList<JsonToken> tokens, int place)
    {
        var (low, high) = (0, tokens.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = tokens[middle].Start + tokens[middle].Length <= place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool IsKept(JsonToken token, MappedText text) => token.Kind switch
    {
        JsonTokenKind.Name => Vocabulary.IsName(token.Member!),
        JsonTokenKind.Text => Vocabulary.Keeps(token.NearestName, text.Text.Substring(token.Start, token.Length)),
        _ => token.Member is not null && Vocabulary.IsName(token.Member),
    };

    private IEnumerable<Hit> Search(MappedText text, int minCarried = 1)
    {
        if (table.IsComplete && text.Text.Length >= minCarried)
        {
            foreach (var (start, length, mark) in table.In(text.Text))
            {
                yield return new Hit(text, start, start + length, mark);
            }
        }

        foreach (var (start, length, rule) in rules.In(text.Text))
        {
            var found = text.Text.Substring(start, length);
            if (!SecretTable.IsMark(found))
            {
                yield return new Hit(text, start, start + length, table.Add(found, rule, mayBeCut: start + length >= text.Text.AsSpan().TrimEnd(".…").Length));
            }
        }
    }
}
