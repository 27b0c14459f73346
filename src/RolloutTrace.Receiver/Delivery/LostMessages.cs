namespace RolloutTrace.Receiver.Delivery;

/// <summary>
/// Counts the messages that were logged for spans which did not come, so that they are in no rollout, and tells of them once in a while: where all of somebody's spans go elsewhere, that
/// is no line a trace. Safe for concurrent use.
/// </summary>
internal sealed class LostMessages(Trouble trouble)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private DateTimeOffset? toldAt;
    private long messages;
    private long traces;
    private string example = "";

    /// <summary>So many are lost, of a trace or of those that are mapped with it.</summary>
    public void Add(int count, string? trace)
    {
        if (count == 0)
        {
            return;
        }

        lock (gate)
        {
            messages += count;
            traces++;
            example = traces == 1 ? trace ?? "" : example;
        }
    }

    /// <summary>Tells of those that nobody was told of.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isEnd">Whether this is the last chance.</param>
    public void Tell(DateTimeOffset now, bool isEnd)
    {
        lock (gate)
        {
            if (messages == 0 || (!isEnd && toldAt is { } before && now - before < BetweenLines))
            {
                return;
            }

            var logged = messages == 1 ? "1 message that was logged for a span" : $"{messages} messages that were logged for spans";
            trouble.Tell(traces == 1
                ? $"{logged} of trace {example} {(messages == 1 ? "is in no rollout: its span" : "are in no rollout: their spans")} did not come"
                : $"{logged} of {traces} traces are in no rollout: their spans did not come (trace {example}, for one)");
            (messages, traces, toldAt) = (0, 0, now);
        }
    }
}
