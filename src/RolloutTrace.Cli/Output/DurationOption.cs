using System.CommandLine;
using System.Globalization;

namespace RolloutTrace.Cli;

/// <summary>Options that take a length of time.</summary>
internal static class DurationOption
{
    /// <summary>An option with a number and a unit, <c>ms</c>, <c>s</c>, <c>m</c> or <c>h</c>; without a unit, seconds.</summary>
    public static Option<TimeSpan?> Create(string name, string description, TimeSpan byDefault, bool isAboveZero = false)
    {
        var option = new Option<TimeSpan?>(name) { Description = $"{description} Default: {Of(byDefault)}.", HelpName = "TIME" };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Read(text) is not { } duration)
            {
                result.AddError($"{name} takes a length of time such as 500ms, 5s, 30m or 1h, not '{text}'.");
                return null;
            }

            if (isAboveZero && duration == TimeSpan.Zero)
            {
                result.AddError($"{name} takes a length of time above 0.");
                return null;
            }

            return duration;
        };
        return option;
    }

    private static TimeSpan? Read(string text)
    {
        var digits = text.TrimEnd([.. "msh"]);
        long? milliseconds = text[digits.Length..] switch
        {
            "ms" => 1,
            "" or "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => null,
        };
        return milliseconds is { } each && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromMilliseconds(number * each)
            : null;
    }

    private static string Of(TimeSpan duration) => duration.Seconds == 0 ? $"{(long)duration.TotalMinutes}m" : $"{(long)duration.TotalSeconds}s";
}
