using System.Diagnostics;
using System.Text;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet;

/// <summary>A worker at a queue: takes one message at a time, has it reduced, and says what became of it.</summary>
/// <param name="queue">The queue.</param>
/// <param name="worker">Reduces.</param>
/// <param name="options">How; null for the defaults.</param>
public sealed class QueueWork(QueuedRollouts queue, RolloutWorker worker, QueueWorkOptions? options = null)
{
    private const int InProgressParts = 3;

    private readonly QueueWorkOptions options = options ?? new QueueWorkOptions();

    // How many times a message was handed out here while something else was out of reach: that was none of its failures.
    private readonly Dictionary<long, int> excused = [];

    // What became of a message when it was tried here last.
    private readonly Dictionary<long, WorkOutcome> failures = [];

    /// <summary>Works until it is asked to stop, and ends after the rollout that it has then. Whatever is out of reach meanwhile is waited for.</summary>
    /// <param name="stop">Asks to stop.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await queue.NextAsync(options.Wait, CancellationToken.None).ConfigureAwait(false) is { } received)
                {
                    await HandleAsync(received, stop).ConfigureAwait(false);
                }
            }
            catch (StoreException e)
            {
                options.Listener?.OnTrouble(e.Message);
                await Task.Delay(options.Wait, options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(QueuedRollout received, CancellationToken stop)
    {
        var deliveries = received.Deliveries - excused.GetValueOrDefault(received.Number);
        if (received.Message is not { } message)
        {
            await BuryAsync(received, "message", Encoding.UTF8.GetString(received.Content.Span), deliveries).ConfigureAwait(false);
            return;
        }

        // Each of those who had it died of it, or fell silent; or one was lost on its way, where others were tried here and failed.
        if (deliveries > options.MaxDeliveries)
        {
            if (failures.TryGetValue(received.Number, out var last))
            {
                await BuryAsync(received, last, deliveries).ConfigureAwait(false);
                return;
            }

            await BuryAsync(received, "killed", $"{message.Key}: handed out {deliveries - 1} times, and nothing more was heard of it", deliveries).ConfigureAwait(false);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        var outcome = await WhileKeptAsync(received, () => worker.ReduceAsync(message.Key, CancellationToken.None)).ConfigureAwait(false);
        options.Listener?.OnTried(outcome, Stopwatch.GetElapsedTime(began));
        switch (outcome.Kind)
        {
            case WorkOutcomeKind.Done:
                await received.AckAsync().ConfigureAwait(false);
                Forget(received);
                break;
            case WorkOutcomeKind.Unreadable:
                await BuryAsync(received, "unreadable", outcome.Detail!, deliveries).ConfigureAwait(false);
                break;
            case WorkOutcomeKind.OutOfReach:
                excused[received.Number] = excused.GetValueOrDefault(received.Number) + 1;
                await received.RetryAsync(options.OutOfReach).ConfigureAwait(false);

                // The others would fare no better.
                await Task.Delay(options.OutOfReach, options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            default:
                if (deliveries >= options.MaxDeliveries)
                {
                    await BuryAsync(received, outcome, deliveries).ConfigureAwait(false);
                }
                else
                {
                    failures[received.Number] = outcome;
                    await received.RetryAsync(options.FirstRetry * Math.Pow(2, Math.Min(deliveries - 1, 10))).ConfigureAwait(false);
                }

                break;
        }
    }

    private Task BuryAsync(QueuedRollout received, WorkOutcome outcome, int deliveries) =>
        BuryAsync(received, outcome.Kind == WorkOutcomeKind.Missing ? "missing" : "failed", outcome.Detail!, deliveries);

    private async Task BuryAsync(QueuedRollout received, string reason, string detail, int deliveries)
    {
        await received.BuryAsync(reason, detail, deliveries, options.Time.GetUtcNow()).ConfigureAwait(false);
        Forget(received);
        options.Listener?.OnDead(received.Message?.Key, reason, detail);
    }

    private void Forget(QueuedRollout received)
    {
        excused.Remove(received.Number);
        failures.Remove(received.Number);
    }

    // In progress is said every third of the time after which it would be handed out again.
    private async Task<WorkOutcome> WhileKeptAsync(QueuedRollout received, Func<Task<WorkOutcome>> work)
    {
        var done = Task.Run(work);
        while (await Task.WhenAny(done, Task.Delay(received.AckWait / InProgressParts)).ConfigureAwait(false) != done)
        {
            try
            {
                await received.KeepAsync().ConfigureAwait(false);
            }
            catch (StoreException e)
            {
                options.Listener?.OnTrouble(e.Message);
            }
        }

        return await done.ConfigureAwait(false);
    }
}
