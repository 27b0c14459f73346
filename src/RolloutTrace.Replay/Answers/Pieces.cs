using System.Text.RegularExpressions;

namespace RolloutTrace.Replay.Answers;

/// <summary>Cuts texts into the pieces that a stream has them in: words, each with the space before it. Together they are the text.</summary>
internal static partial class Pieces
{
    public static IEnumerable<string> Of(string text) => text.Length == 0 ? [text] : Words().Matches(text).Select(static match => match.Value);

    [GeneratedRegex(@"\s*\S+|\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Words();
}
