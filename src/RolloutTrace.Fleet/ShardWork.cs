using System.Diagnostics;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet;

/// <summary>Reduces a shard of what a store has, once, without a queue.</summary>
public static class ShardWork
{
    private const int Tries = 3;

    /// <summary>Reduces them.</summary>
    /// <param name="store">The store.</param>
    /// <param name="shard">Which of them.</param>
    /// <param name="worker">Reduces.</param>
    /// <param name="jobs">How many at a time, from 1.</param>
    /// <param name="listener">Is told what became of each; not of two at once.</param>
    /// <param name="stop">Asks to stop: no other is begun.</param>
    /// <returns>What became of each that was begun, in the order of their keys.</returns>
    /// <exception cref="StoreException">The store cannot be listed.</exception>
    public static async Task<IReadOnlyList<WorkOutcome>> RunAsync(RolloutStore store, Shard shard, RolloutWorker worker, int jobs, IWorkListener? listener = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(worker);
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        var keys = new List<(string Bundle, string Key)>();
        await foreach (var stored in store.ListAsync(stop).ConfigureAwait(false))
        {
            if (RolloutKey.TryParse(stored.Key, out _, out var bundle) && shard.Has(bundle))
            {
                keys.Add((bundle, stored.Key));
            }
        }

        // Of one that lies under two days the later stays: it knows more of its start.
        var outcomes = new SortedDictionary<string, WorkOutcome>(StringComparer.Ordinal);
        var gate = new Lock();
        await Parallel.ForEachAsync(
            keys.GroupBy(static key => key.Bundle, static key => key.Key, StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = jobs },
            async (sameBundle, _) =>
            {
                foreach (var key in sameBundle.Order(StringComparer.Ordinal))
                {
                    if (stop.IsCancellationRequested)
                    {
                        return;
                    }

                    var began = Stopwatch.GetTimestamp();
                    var outcome = await TryAsync(worker, key, stop).ConfigureAwait(false);
                    lock (gate)
                    {
                        outcomes[key] = outcome;
                        listener?.OnTried(outcome, Stopwatch.GetElapsedTime(began));
                    }
                }
            }).ConfigureAwait(false);
        return [.. outcomes.Values];
    }

    private static async Task<WorkOutcome> TryAsync(RolloutWorker worker, string key, CancellationToken stop)
    {
        for (var i = 1; ; i++)
        {
            var outcome = await worker.ReduceAsync(key, CancellationToken.None).ConfigureAwait(false);
            if (outcome.Kind != WorkOutcomeKind.OutOfReach || i == Tries || stop.IsCancellationRequested)
            {
                return outcome;
            }

            await Task.Delay(TimeSpan.FromSeconds(i), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
