using System.CommandLine;
using System.Globalization;

namespace RolloutTrace.Cli;

/// <summary>Options that take a number of things, one at least if nothing else is said.</summary>
internal static class CountOption
{
    public static Option<int?> Create(string name, string description, params string[] aliases) => Create(name, description, 1, aliases);

    /// <summary>An option for a number that is not below another.</summary>
    public static Option<int?> Create(string name, string description, int smallest, params string[] aliases)
    {
        var option = new Option<int?>(name, aliases) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= smallest)
            {
                return number;
            }

            result.AddError($"{name} takes a whole number of at least {smallest}, not '{text}'.");
            return null;
        };
        return option;
    }
}
