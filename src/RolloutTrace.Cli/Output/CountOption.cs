using System.CommandLine;
using System.Globalization;

namespace RolloutTrace.Cli;

/// <summary>Options that take a number of things, one at least.</summary>
internal static class CountOption
{
    public static Option<int?> Create(string name, string description, params string[] aliases)
    {
        var option = new Option<int?>(name, aliases) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1)
            {
                return number;
            }

            result.AddError($"{name} takes a whole number of at least 1, not '{text}'.");
            return null;
        };
        return option;
    }
}
