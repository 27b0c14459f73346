using RolloutTrace.Import;

namespace RolloutTrace.Cli;

/// <summary>Shows the session logs that were found, and how to import one.</summary>
internal static class SessionLogReport
{
    public static void Show(CommandConsole console, IReadOnlyList<SessionLog> logs, IReadOnlyList<string> places)
    {
        if (logs.Count == 0)
        {
            console.Tell($"no session logs in {string.Join(", ", places)}");
            return;
        }

        var screen = new Screen(console);
        foreach (var log in logs)
        {
            var time = log.StartedAtUnixMs is { } started ? Wording.Time(started) : "?";
            screen.Line(new Segment($"{time}  {log.Format}  {Wording.Size(log.Bytes)}  {log.SessionId ?? "?"}", Emphasis.Title));
            if (log.Prompt is { } prompt)
            {
                screen.Line($"  {TerminalText.OneLine(prompt)}");
            }

            screen.Uncut($"  {log.Path}", Emphasis.Faint);
        }

        var newest = logs[0].Path;
        var quoted = newest.Contains(' ', StringComparison.Ordinal) ? $"'{newest}'" : newest;
        screen.Line();
        screen.Uncut($"next: rollout-trace import {quoted} -o imported", Emphasis.Faint);
    }
}
