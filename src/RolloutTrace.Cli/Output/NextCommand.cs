using System.Buffers;

namespace RolloutTrace.Cli;

/// <summary>The command that answers what people ask next, as a last line that can be run as it stands.</summary>
internal static class NextCommand
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" '\"$`\\|&;<>()*?[]#~");

    /// <summary>Says it.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="bundle">The bundle that the answer is about, as the command line names it.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="arguments">What stands behind the bundle, each a word.</param>
    public static void Show(Screen screen, string bundle, string command, params IEnumerable<string> arguments)
    {
        screen.Line();
        screen.Uncut($"next: rollout-trace {command} {string.Join(' ', arguments.Prepend(bundle).Select(Quoted))}", Emphasis.Faint);
    }

    /// <summary>A word as a shell takes it for one, and for nothing else.</summary>
    public static string Quoted(string text) => text.AsSpan().ContainsAny(Special)
        ? $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'"
        : text;
}
