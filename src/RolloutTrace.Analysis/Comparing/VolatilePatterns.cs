using System.Globalization;
using System.Text.RegularExpressions;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Finds in texts what is never the same in two runs.</summary>
internal static partial class VolatilePatterns
{
    /// <summary>How long a search may take that goes through a text once.</summary>
    public const int MostMilliseconds = 60_000;

    private const int FirstEphemeralPort = 32_768;
    private const int LastPort = 65_535;
    private const long TwoDaysMs = 2 * 24 * 60 * 60 * 1000L;

    /// <summary>What is volatile by its form, in order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="clockMs">What the clock showed when it was recorded, in milliseconds since the Unix epoch.</param>
    public static IEnumerable<VolatileSpan> Find(string text, long clockMs)
    {
        for (var match = Forms().Match(text); match.Success; match = match.NextMatch())
        {
            if (match.Groups["id"].Success)
            {
                yield return Whole(match, VolatileKind.Id);
            }
            else if (match.Groups["time"].Success)
            {
                yield return Whole(match, VolatileKind.Time);
            }
            else if (match.Groups["duration"] is { Success: true } duration)
            {
                yield return Of(duration, VolatileKind.Duration);
            }
            else if (match.Groups["member"] is { Success: true } member)
            {
                yield return Of(member, VolatileKind.Duration);
            }
            else if (match.Groups["port"] is { Success: true } port)
            {
                if (int.Parse(port.ValueSpan, CultureInfo.InvariantCulture) is >= FirstEphemeralPort and <= LastPort)
                {
                    yield return Of(port, VolatileKind.Port);
                }
            }
            else if (match.Groups["unix"] is { Success: true } unix)
            {
                if (IsNear(unix.ValueSpan, clockMs))
                {
                    yield return Whole(match, VolatileKind.Time);
                }
            }
            else
            {
                foreach (var name in RandomNames.Find(match.Groups["below"]))
                {
                    yield return name;
                }
            }
        }
    }

    private static bool IsNear(ReadOnlySpan<char> digits, long clockMs)
    {
        var number = long.Parse(digits, CultureInfo.InvariantCulture);
        return Math.Abs((digits.Length == 10 ? number * 1000 : number) - clockMs) <= TwoDaysMs;
    }

    private static VolatileSpan Whole(Match match, VolatileKind kind) => new(match.Index, match.Length, (int)kind);

    private static VolatileSpan Of(Group group, VolatileKind kind) => new(group.Index, group.Length, (int)kind);

    // A day without a time is no time: agents are told the date, and it differs because the world does.
    [GeneratedRegex(
        """
        (?<id>(?<![0-9A-Za-z])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9A-Za-z]))
        |(?<time>(?<!\d)\d{4}-\d\d-\d\d[T\x20]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\x20?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?(?!\d)|(?<!\d)\d{8}T\d{6}Z?(?!\d))
        |(?:/tmp/|/var/folders/|%TEMP%[\\/]+|[A-Za-z]:[\\/]+Users[\\/]+[^\\/\s"]+[\\/]+AppData[\\/]+Local[\\/]+Temp[\\/]+)(?<below>[^\s"'`<>|;,)\]}]+)
        |(?:(?<![\w.])127\.0\.0\.1|(?<!\w)localhost|\[?::1\]?):(?<port>\d{5})(?!\d)
        |"[A-Za-z_]{0,40}(?:duration|elapsed|latency|wall_time|walltime)[A-Za-z_]{0,40}"\s*:\s*(?<member>\d+(?:\.\d+)?)
        |(?<![\w.])(?<duration>\d+(?:\.\d+)?(?:\x20?(?:nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?|hours?|days?|nsecs?|usecs?|msecs?|secs?|mins?|hrs?|ns|[\u00b5\u03bcu]s|ms|s)|[hm])(?:\x20?\d+(?:\.\d+)?(?:min|sec|ms|[hms]))*)(?!\w)
        |(?<![\w.-])(?<unix>\d{10}(?:\d{3})?)(?:\.\d{1,9})?(?![\w.-]*\w)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        MostMilliseconds)]
    private static partial Regex Forms();
}
