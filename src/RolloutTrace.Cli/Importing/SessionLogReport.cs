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
            if (log.ParentSessionId is { } parent)
            {
                screen.Line($"  spawned by {TerminalText.OneLine(parent)}");
            }

            if (log.Prompt is { } prompt)
            {
                screen.Line($"  {TerminalText.OneLine(prompt)}");
            }

            screen.Uncut($"  {log.Path}", Emphasis.Faint);
        }

        // What its agent spawned comes next in the list, and is of the same rollout if it is imported with it.
        var newest = logs.Take(1).Concat(logs.Skip(1).TakeWhile(static log => log.ParentSessionId is not null)).Select(static log => NextCommand.Quoted(log.Path));
        screen.Line();
        screen.Uncut($"next: rollout-trace import {string.Join(' ', newest)} -o imported", Emphasis.Faint);
    }
}
