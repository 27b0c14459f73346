using System.Globalization;

namespace RolloutTrace.Payloads;

/// <summary>Why a command failed, in words: its exit code and the last lines that it wrote.</summary>
internal static class CommandWords
{
    private const int LastLines = 3;

    // What a command wrote may be of any length; its last lines are looked for here.
    private const int MaxLength = 4096;

    public static string Of(long exitCode, string stderr, string stdout)
    {
        var said = EndOf(stderr) ?? EndOf(stdout);
        return string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}{(said is null ? "" : $": {said}")}");
    }

    /// <summary>The last lines that are not empty; null if there are none. What went wrong is mostly said last.</summary>
    public static string? EndOf(string text)
    {
        var end = text.Length <= MaxLength ? text : text[^(char.IsLowSurrogate(text[^MaxLength]) ? MaxLength - 1 : MaxLength)..];
        var lines = end.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? null : string.Join('\n', lines.TakeLast(LastLines));
    }
}
