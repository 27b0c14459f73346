using System.CommandLine;
using System.Globalization;

namespace RolloutTrace.Cli;

/// <summary>Options that take a length of time.</summary>
internal static class DurationOption
{
    /// <summary>An option with a number and a unit, <c>s</c>, <c>m</c> or <c>h</c>; without a unit, seconds.</summary>
    public static Option<TimeSpan?> Create(string name, string description, TimeSpan byDefault)
    {
        var option = new Option<TimeSpan?>(name) { Description = $"{description} Default: {Of(byDefault)}.", HelpName = "TIME" };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Read(text) is { } duration)
            {
                return duration;
            }

            result.AddError($"{name} takes a length of time such as 300s, 5m or 1h, not '{text}'.");
            return null;
        };
        return option;
    }

    private static TimeSpan? Read(string text)
    {
        var (digits, unit) = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? (text[..^1], text[^1]) : (text, 's');
        long? seconds = unit switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => null,
        };
        return seconds is { } each && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(number * each)
            : null;
    }

    private static string Of(TimeSpan duration) => duration.Seconds == 0 ? $"{(long)duration.TotalMinutes}m" : $"{(long)duration.TotalSeconds}s";
}
