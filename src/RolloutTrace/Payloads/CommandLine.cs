using System.Text;

namespace RolloutTrace.Payloads;

/// <summary>A command and its arguments as one line, for people.</summary>
internal static class CommandLine
{
    private const int MaxLength = 4 << 10;

    /// <summary>The line, or its beginning; null if the list throws. It is the caller's own, and may be endless.</summary>
    public static string? Of(IReadOnlyList<string> command)
    {
        try
        {
            var line = new StringBuilder();
            foreach (var part in command)
            {
                line.Append(line.Length == 0 ? string.Empty : " ").Append(part.AsSpan(0, Math.Min(part?.Length ?? 0, MaxLength)));
                if (line.Length > MaxLength)
                {
                    break;
                }
            }

            return line.ToString();
        }
        catch (Exception)
        {
            return null;
        }
    }
}
