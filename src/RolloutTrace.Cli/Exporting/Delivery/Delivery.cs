namespace RolloutTrace.Cli;

/// <summary>
/// Sends requests one after the other, each whatever became of those before it. One that a receiver is too busy for is sent again, as long as
/// the receiver has taken nothing for no more than a bound; once it is reached, each of the others is tried once, until one is taken.
/// </summary>
internal sealed class Delivery
{
    // Where a receiver asks for less than that, asking again at once is not what it means.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private readonly OtlpChannel channel;
    private readonly RetryRules rules;
    private readonly IDeliveryObserver observer;

    // Since when the receiver took nothing; null while it does.
    private long? busySince;
    private bool isGivenUp;
    private bool wasThere;

    public Delivery(OtlpChannel channel, RetryRules rules, IDeliveryObserver observer)
    {
        this.channel = channel;
        this.rules = rules;
        this.observer = observer;
    }

    /// <summary>Sends spans, and says what became of them.</summary>
    public DeliveryReport Send(IEnumerable<OtlpBatch> batches)
    {
        var report = new DeliveryReport();
        foreach (var batch in batches)
        {
            Send(batch, report);
            observer.Sent(batch.Spans);
        }

        return report;
    }

    private void Send(OtlpBatch batch, DeliveryReport report)
    {
        for (var attempts = 1; ; attempts++)
        {
            var outcome = channel.Send(batch.Request);
            switch (outcome.Kind)
            {
                case SendOutcomeKind.Arrived:
                    NoteAnswer();
                    if (outcome is { RefusedSpans: 0, Words: { } warning })
                    {
                        observer.Warned(warning);
                    }

                    report.AddSent(batch.Spans, Math.Min(outcome.RefusedSpans, batch.Spans), outcome.Words);
                    return;
                case SendOutcomeKind.Refused:
                    NoteAnswer();
                    report.AddSent(batch.Spans, batch.Spans, outcome.Words, outcome.Advice);
                    return;
                case SendOutcomeKind.Busy or SendOutcomeKind.Absent when IsWorthWaiting(outcome):
                    if (WaitFor(outcome, attempts) is { } giveUp)
                    {
                        report.AddUndelivered(batch.Spans, outcome.Words!, outcome.Advice ?? giveUp);
                        return;
                    }

                    break;
                default:
                    report.AddUndelivered(batch.Spans, outcome.Words!, outcome.Advice);
                    return;
            }
        }
    }

    private void NoteAnswer()
    {
        busySince = null;
        isGivenUp = false;
        wasThere = true;
    }

    // Where nobody ever was, nobody is likely to come, unless somebody says so.
    private bool IsWorthWaiting(SendOutcome outcome)
    {
        wasThere |= outcome.Kind == SendOutcomeKind.Busy;
        return wasThere || rules.WaitsForAbsent;
    }

    /// <summary>Waits until the request may be sent again; says why not if it may not.</summary>
    private string? WaitFor(SendOutcome outcome, int attempts)
    {
        busySince ??= rules.Time.GetTimestamp();
        var wait = outcome.RetryAfter is { } asked ? (asked < ShortestWait ? ShortestWait : asked) : rules.Backoff.After(attempts);
        isGivenUp |= rules.Time.GetElapsedTime(busySince.Value) + wait > rules.Bound;
        if (isGivenUp)
        {
            return outcome.RetryAfter > rules.Bound
                ? $"it asks to wait for {Wording.Duration((long)wait.TotalMilliseconds)}, which --retry-for has to allow"
                : "--retry-for waits for it longer";
        }

        observer.Waiting(outcome.Words!, wait);
        rules.Pause(wait);
        return null;
    }
}
