namespace RolloutTrace.Cli.Tests;

/// <summary>What a command line meets besides its arguments.</summary>
internal sealed class Surroundings
{
    /// <summary>The clock. Waiting moves it, and takes no time.</summary>
    public ManualTimeProvider Clock { get; } = new(CommandLine.Now);

    /// <summary>The environment's variables.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = CommandConsole.DefaultWidth;

    public bool IsErrorTerminal { get; init; }

    /// <summary>How long was waited, each time.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public void Wait(TimeSpan time)
    {
        Waits.Add(time);
        Clock.Advance(time);
    }
}
