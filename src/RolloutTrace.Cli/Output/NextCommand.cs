using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>The command that answers what people ask next, as a last line that can be run as it stands.</summary>
internal static class NextCommand
{
    /// <summary>Says it.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="rollout">The rollout that the answer is about.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="options">What stands behind the bundle.</param>
    public static void Show(Screen screen, OpenRollout rollout, string command, string options)
    {
        var path = rollout.Bundle?.DisplayName ?? "BUNDLE";
        var quoted = path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;
        screen.Line();
        screen.Uncut($"next: rollout-trace {command} {quoted} {options}", Emphasis.Faint);
    }
}
