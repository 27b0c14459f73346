using System.Text.Json.Nodes;
using RolloutTrace;

namespace CodingAgent.Tools.Commands;

/// <summary>A command of an agent, which may go on when the call that started it is over.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const int CharactersOfToken = 4;
    private const int DefaultTokens = 10_000;
    private const int MostTokens = 100_000;

    private readonly TerminalProcess process;
    private readonly CommandRuntime runtime;
    private readonly Task<int> ended;

    public Terminal(int sessionId, TerminalProcess process, CommandRuntime runtime)
    {
        SessionId = sessionId;
        this.process = process;
        this.runtime = runtime;
        ended = WatchAsync();
    }

    public int SessionId { get; }

    public Task WriteAsync(string text, CancellationToken cancellation) => process.WriteAsync(text, cancellation);

    /// <summary>Waits until the command ends, at most as long as given. Returns its exit code, or null if it goes on.</summary>
    public async Task<int?> WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        try
        {
            return await ended.WaitAsync(atMost, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The command goes on under its session id.</summary>
    public void GoesOn() => runtime.TerminalAssigned(SessionId.ToString());

    /// <summary>What the command wrote since the last look, and whether it goes on.</summary>
    public TerminalLook Look(int? exitCode, int? maxTokens)
    {
        var output = LimitedText.Cut(process.TakeOutput(), Math.Clamp(maxTokens ?? DefaultTokens, 1, MostTokens) * CharactersOfToken);
        var state = exitCode is { } code ? $"Process exited with code {code}" : $"Process running with session ID {SessionId}";
        var value = new JsonObject { ["output"] = output };
        if (exitCode is not null)
        {
            value["exit_code"] = exitCode;
        }
        else
        {
            value["session_id"] = SessionId;
        }

        return new TerminalLook(output, new ToolOutput($"{state}\nOutput:\n{output}", value));
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await ended;
    }

    private async Task<int> WatchAsync()
    {
        var exitCode = await process.Ended;
        runtime.Exit(exitCode, new() { Stdout = process.Stdout, Stderr = process.Stderr, Aggregated = process.Output });
        return exitCode;
    }
}
