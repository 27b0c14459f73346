namespace RolloutTrace.Query;

/// <summary>What the command line asks for.</summary>
internal sealed record QueryArguments(string Lake, string Sql, AnswerFormat Format)
{
    /// <summary>The tables that were copied, of a lake that lies elsewhere; null for a lake itself.</summary>
    public IReadOnlyCollection<string>? Copied { get; init; }

    /// <summary>The first day that counts; null for all.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>The day before which they end; null for all.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Parse(IReadOnlyList<string> args, out QueryArguments arguments)
    {
        arguments = new QueryArguments("", "", AnswerFormat.Table);
        var given = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var option = args[i] == "-f" ? "--format" : equals < 0 ? args[i] : args[i][..equals];
            if (option is "--format" or "--since" or "--until" or "--copied")
            {
                var word = equals >= 0 ? args[i][(equals + 1)..] : ++i < args.Count ? args[i] : "";
                if (Take(option, word, ref arguments) is { } wrong)
                {
                    return wrong;
                }
            }
            else if (args[i].Length > 1 && args[i][0] == '-' && !args[i].Contains(' ', StringComparison.Ordinal))
            {
                return $"Unrecognized option '{args[i]}'.";
            }
            else
            {
                given.Add(args[i]);
            }
        }

        if (given.Count != 2)
        {
            return given.Count < 2 ? "A lake and a statement are needed." : $"One lake and one statement are needed, and {given.Count} arguments are given: is the statement in quotes?";
        }

        arguments = arguments with { Lake = given[0], Sql = given[1] };
        return null;
    }

    private static string? Take(string option, string word, ref QueryArguments arguments)
    {
        switch (option)
        {
            case "--format" when FormatOf(word) is { } format:
                arguments = arguments with { Format = format };
                return null;
            case "--format":
                return $"'{word}' is no format: there are table, csv and json.";
            case "--copied":
                arguments = arguments with { Copied = word.Split(',', StringSplitOptions.RemoveEmptyEntries) };
                return null;
            default:
                if (!DateOnly.TryParseExact(word, "yyyy-MM-dd", out var day))
                {
                    return $"'{word}' is no day: give {option} 2026-02-03.";
                }

                arguments = option == "--since" ? arguments with { Since = day } : arguments with { Until = day };
                return null;
        }
    }

    private static AnswerFormat? FormatOf(string word) => word switch
    {
        "table" => AnswerFormat.Table,
        "csv" => AnswerFormat.Csv,
        "json" => AnswerFormat.Json,
        _ => null,
    };
}
