using System.CommandLine;
using System.CommandLine.Parsing;

namespace RolloutTrace.Cli;

/// <summary>Whom an answer is for: the options <c>--format</c> and, for short, <c>--json</c>.</summary>
internal sealed class OutputFormat
{
    /// <summary>People.</summary>
    public const string Text = "text";

    /// <summary>Programs.</summary>
    public const string Json = "json";

    private readonly Option<string> format;
    private readonly FlagOption json = new("--json") { Description = "Short for --format json." };

    /// <param name="jsonMeaning">What is written for programs.</param>
    public OutputFormat(string jsonMeaning)
    {
        format = new Option<string>("--format")
        {
            Description = $"text: for people. json: {jsonMeaning}",
            DefaultValueFactory = static _ => Text,
        };
        format.AcceptOnlyFromAmong(Text, Json);
    }

    public void AddTo(Command command)
    {
        command.Add(format);
        command.Add(json);
    }

    public bool IsJson(ParseResult arguments) => arguments.GetValue(json) || arguments.GetValue(format) == Json;

    /// <summary>The same for rules about the command line.</summary>
    public bool IsJson(CommandResult command) => command.GetValue(json) || command.GetValue(format) == Json;
}
