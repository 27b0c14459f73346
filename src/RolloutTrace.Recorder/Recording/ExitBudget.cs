using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// How much longer the program may be kept from ending: by shutdown, disposal, signals and the exit of the process, all taken
/// together. Only the time counts during which it is kept. Safe for concurrent use.
/// </summary>
internal sealed class ExitBudget
{
    private readonly Lock gate = new();
    private readonly TimeSpan limit;
    private readonly WaitBudget? budget;

    /// <param name="limit">The bound; infinite for none.</param>
    public ExitBudget(TimeSpan limit)
    {
        this.limit = limit;
        budget = limit == Timeout.InfiniteTimeSpan ? null : new WaitBudget((long)limit.TotalMilliseconds, Environment.TickCount64);
    }

    /// <summary>What is left, in milliseconds; -1 if there is no bound.</summary>
    public int Left
    {
        get
        {
            if (budget is null)
            {
                return Timeout.Infinite;
            }

            lock (gate)
            {
                return (int)Math.Min(budget.Left(Environment.TickCount64), ProcessExit.Left(limit));
            }
        }
    }

    /// <summary>The smaller of two limits in milliseconds, of which negative ones are none.</summary>
    public static int Least(int one, int other) => one < 0 ? other : other < 0 ? one : Math.Min(one, other);

    /// <summary>The program is kept from ending until the result is disposed of.</summary>
    public Keeping Keep()
    {
        lock (gate)
        {
            budget?.Enter(Environment.TickCount64);
        }

        return new Keeping(this);
    }

    private void Leave()
    {
        lock (gate)
        {
            budget?.Leave(Environment.TickCount64);
        }
    }

    public readonly struct Keeping(ExitBudget owner) : IDisposable
    {
        public void Dispose() => owner.Leave();
    }
}
