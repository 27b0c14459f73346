namespace RolloutTrace.Cli;

/// <summary>
/// Says on standard error how a long export goes on: on a terminal in one line that is written over and gone in the end; with
/// <c>--verbose</c> in a line for each request and each wait, wherever it goes.
/// </summary>
internal sealed class ExportProgress(CommandConsole console, bool isVerbose) : IDeliveryObserver
{
    // An export that is over sooner shows nothing.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    private readonly bool isLive = console.IsErrorTerminal && !isVerbose;
    private readonly long startedAt = console.Time.GetTimestamp();
    private long shownAt = long.MinValue;
    private string bundle = "";
    private long done;
    private long all;

    /// <summary>A bundle is being read.</summary>
    public void Reading(string path)
    {
        bundle = path;
        Say($"reading {path}", $"reading {Path.GetFileName(path)}", isImportant: false);
    }

    /// <summary>Its spans are going to be sent.</summary>
    public void Sending(int spans)
    {
        done = 0;
        all = spans;
    }

    public void Sent(int spans)
    {
        done += spans;
        var line = $"{Wording.Count(done)} of {Wording.Of(all, "span")}";
        Say($"{bundle}: {line}", $"sending {line} of {Path.GetFileName(bundle)}", isImportant: false);
    }

    public void Waiting(string why, TimeSpan wait)
    {
        var line = $"{why}; again in {Wording.Duration((long)wait.TotalMilliseconds)}";
        Say($"{bundle}: {line}", line, isImportant: true);
    }

    public void Warned(string words)
    {
        Clear();
        console.Tell($"{bundle}: the receiver says: {words}");
    }

    /// <summary>Makes room for what is said otherwise.</summary>
    public void Clear()
    {
        if (isLive && shownAt != long.MinValue)
        {
            console.ErrorTerminal.Write("\r\x1b[K");
            shownAt = long.MinValue;
        }
    }

    private void Say(string verbose, string line, bool isImportant)
    {
        if (isVerbose)
        {
            console.Tell(verbose);
        }

        var now = console.Time.GetTimestamp();
        if (!isLive || (!isImportant && (console.Time.GetElapsedTime(startedAt, now) < Delay || (shownAt != long.MinValue && console.Time.GetElapsedTime(shownAt, now) < RefreshInterval))))
        {
            return;
        }

        shownAt = now;
        console.ErrorTerminal.Write($"\r\x1b[K{TerminalText.Cut(TerminalText.OneLine(line), console.Width - 1)}");
    }
}
