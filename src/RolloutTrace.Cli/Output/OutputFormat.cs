using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>Whom an answer is for.</summary>
internal static class OutputFormat
{
    /// <summary>People.</summary>
    public const string Text = "text";

    /// <summary>Programs.</summary>
    public const string Json = "json";

    /// <summary>The option <c>--format</c>.</summary>
    public static Option<string> CreateOption(string jsonMeaning)
    {
        var option = new Option<string>("--format")
        {
            Description = $"text: for people. json: {jsonMeaning}",
            DefaultValueFactory = static _ => Text,
        };
        option.AcceptOnlyFromAmong(Text, Json);
        return option;
    }
}
