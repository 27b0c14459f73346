namespace CodingAgent.Agents;

/// <summary>
/// The user's way to stop an agent: what Ctrl+C does, whoever presses it. The first time it cancels the turn that is running;
/// again, or without a turn, it ends the program. Safe for concurrent use.
/// </summary>
internal sealed class Interruption
{
    private readonly Lock sync = new();
    private readonly CancellationTokenSource end = new();
    private CancellationTokenSource? turn;

    /// <summary>Cancelled when the program is to end.</summary>
    public CancellationToken End => end.Token;

    public void Interrupt()
    {
        lock (sync)
        {
            // Nothing that hears of it runs under the lock.
            _ = (turn is { IsCancellationRequested: false } running ? running : end).CancelAsync();
        }
    }

    /// <summary>Runs a turn that can be interrupted.</summary>
    public async Task<TurnResult> RunAsync(Func<CancellationToken, Task<TurnResult>> run)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        lock (sync)
        {
            turn = source;
        }

        try
        {
            return await run(source.Token);
        }
        finally
        {
            lock (sync)
            {
                turn = null;
            }
        }
    }
}
