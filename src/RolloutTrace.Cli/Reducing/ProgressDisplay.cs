using System.Runtime.InteropServices;
using Spectre.Console;

namespace RolloutTrace.Cli;

/// <summary>A progress bar on standard error, for runs that a person has to wait for.</summary>
internal static class ProgressDisplay
{
    // A run that is over sooner shows nothing: a bar that flashes up tells nobody anything.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when all bundles are done. The bar is gone by then.</summary>
    public static void ShowUntilDone(ReductionRun run, CommandConsole console)
    {
        if (console.IsErrorTerminal && !run.WaitForAll(Delay))
        {
            Show(run, console);
        }
    }

    // A method of its own, so that Spectre.Console is loaded only by runs that show something.
    private static void Show(ReductionRun run, CommandConsole console)
    {
        // The bar hides the cursor; whoever stops the run wants it back.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => console.ErrorTerminal.Write("\x1b[?25h\n"));
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.ErrorTerminal) });
        terminal.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("reducing", maxValue: 1);
                while (!run.WaitForAll(RefreshInterval))
                {
                    task.Value = run.Fraction;
                    task.Description = run.Count == 1 ? "reducing" : $"reduced {run.Done} of {run.Count}";
                }
            });
    }
}
