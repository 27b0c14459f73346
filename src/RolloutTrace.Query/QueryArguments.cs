namespace RolloutTrace.Query;

/// <summary>What the command line asks for.</summary>
internal sealed record QueryArguments(string Lake, string Sql, AnswerFormat Format)
{
    /// <summary>Reads a command line.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Parse(IReadOnlyList<string> args, out QueryArguments arguments)
    {
        arguments = new QueryArguments("", "", AnswerFormat.Table);
        var given = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is "--format" or "-f" || args[i].StartsWith("--format=", StringComparison.Ordinal))
            {
                var word = args[i].Contains('=', StringComparison.Ordinal) ? args[i]["--format=".Length..] : ++i < args.Count ? args[i] : "";
                if (FormatOf(word) is not { } format)
                {
                    return $"'{word}' is no format: there are table, csv and json.";
                }

                arguments = arguments with { Format = format };
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

    private static AnswerFormat? FormatOf(string word) => word switch
    {
        "table" => AnswerFormat.Table,
        "csv" => AnswerFormat.Csv,
        "json" => AnswerFormat.Json,
        _ => null,
    };
}
