using System.Text.RegularExpressions;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Tells names that a program has made of random characters from those that somebody has chosen.</summary>
internal static partial class RandomNames
{
    private const int Shortest = 6;

    /// <summary>The segments of a path below a directory for temporary files that are made of random characters, in order.</summary>
    public static IEnumerable<VolatileSpan> Find(Group below)
    {
        var start = below.Index;
        foreach (var segment in Separators().Split(below.Value))
        {
            if (segment.Length > 0 && segment[0] is not ('/' or '\\') && IsRandom(segment))
            {
                yield return new VolatileSpan(start, segment.Length, (int)VolatileKind.TemporaryName);
            }

            start += segment.Length;
        }
    }

    // As mktemp, mkdtemp, Python's tempfile and the like make them; a process id counts too.
    private static bool IsRandom(string segment) =>
        Templates().IsMatch(segment) || Pieces().Split(segment).Any(static piece => piece.Length >= Shortest && IsMixed(piece));

    // Letters and digits, or small and capital ones, that change more often than words and numbers do.
    private static bool IsMixed(string piece)
    {
        var (changes, hasDigit, hasLetter) = (0, false, false);
        for (var i = 0; i < piece.Length; i++)
        {
            hasDigit |= char.IsAsciiDigit(piece[i]);
            hasLetter |= char.IsAsciiLetter(piece[i]);
            if (i > 0 && KindOf(piece[i]) != KindOf(piece[i - 1]) && !(char.IsAsciiLetterUpper(piece[i - 1]) && char.IsAsciiLetterLower(piece[i])))
            {
                changes++;
            }
        }

        return (hasDigit && !hasLetter) || (changes >= 2 && (hasDigit || changes * 3 >= piece.Length));
    }

    private static int KindOf(char c) => char.IsAsciiDigit(c) ? 0 : char.IsAsciiLetterUpper(c) ? 1 : 2;

    [GeneratedRegex(@"(?<separator>[\\/]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, VolatilePatterns.MostMilliseconds)]
    private static partial Regex Separators();

    [GeneratedRegex("^tmp[a-z0-9_]{8}$|^tmp\\.[A-Za-z0-9]{6,12}$|^[a-z]+-[0-9]{4,}$", RegexOptions.CultureInvariant, VolatilePatterns.MostMilliseconds)]
    private static partial Regex Templates();

    [GeneratedRegex("[._-]+", RegexOptions.CultureInvariant, VolatilePatterns.MostMilliseconds)]
    private static partial Regex Pieces();
}
