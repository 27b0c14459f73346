using System.Buffers;
using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>The command that answers what people ask next, as a last line that can be run as it stands.</summary>
internal static class NextCommand
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" '\"$`\\|&;<>()*?[]#~");

    /// <summary>Says it.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="rollout">The rollout that the answer is about.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="options">What stands behind the bundle.</param>
    public static void Show(Screen screen, OpenRollout rollout, string command, string options) =>
        Show(screen, rollout.Bundle?.DisplayName ?? "BUNDLE", command, $" {Quoted(options)}");

    /// <summary>Says it of a bundle that is named.</summary>
    public static void Show(Screen screen, string bundle, string command, string options = "")
    {
        screen.Line();
        screen.Uncut($"next: rollout-trace {command} {Quoted(bundle)}{options}", Emphasis.Faint);
    }

    // What a shell would take apart, or take for something else.
    private static string Quoted(string text) => text.AsSpan().ContainsAny(Special) && !text.StartsWith("--", StringComparison.Ordinal)
        ? $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'"
        : text;
}
