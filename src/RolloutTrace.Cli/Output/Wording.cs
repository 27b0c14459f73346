using System.Globalization;

namespace RolloutTrace.Cli;

/// <summary>How numbers are said to people.</summary>
internal static class Wording
{
    /// <summary>A time in UTC.</summary>
    public static string Time(long unixMs) =>
        IsTime(unixMs) ? DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : $"{unixMs} ms";

    /// <summary>The time from one point to another; a question mark where the clock stepped back in between.</summary>
    public static string Between(long startUnixMs, long endUnixMs) => endUnixMs < startUnixMs ? "?" : Duration(endUnixMs - startUnixMs);

    /// <summary>A duration, to about three digits. There are no negative ones: a question mark stands for what would be.</summary>
    public static string Duration(long ms) => ms switch
    {
        < 0 => "?",
        < 1000 => $"{ms} ms",
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.0} s"),
        < 3_600_000 => $"{ms / 60_000} min {ms / 1000 % 60} s",
        _ => $"{ms / 3_600_000} h {ms / 60_000 % 60} min",
    };

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number of things, with the word for them.</summary>
    public static string Of(long number, string singular, string? plural = null) => $"{Count(number)} {(number == 1 ? singular : plural ?? singular + "s")}";

    /// <summary>A size in bytes, to about three digits.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
    };

    /// <summary>Tokens in, how many of them cached, and out.</summary>
    public static string Tokens(Reducer.RecordedTokenUsage usage)
    {
        var cached = usage.CachedInputTokens > 0 ? $" ({Count(usage.CachedInputTokens)} cached)" : "";
        return $"{Count(usage.InputTokens)}{cached} in, {Count(usage.OutputTokens)} out";
    }

    private static bool IsTime(long unixMs) =>
        unixMs >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && unixMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
