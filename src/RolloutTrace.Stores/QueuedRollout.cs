using NATS.Client.JetStream;

namespace RolloutTrace.Stores;

/// <summary>A message of the queue, handed out to whoever received it until it is done with, or nothing is heard of it for <see cref="AckWait"/>.</summary>
public sealed class QueuedRollout
{
    private readonly QueuedRollouts queue;
    private readonly INatsJSMsg<byte[]> received;

    internal QueuedRollout(QueuedRollouts queue, INatsJSMsg<byte[]> received, TimeSpan ackWait)
    {
        this.queue = queue;
        this.received = received;
        AckWait = ackWait;
        Message = RolloutMessage.Parse(received.Data);
    }

    /// <summary>What it says; null if it is none of ours.</summary>
    public RolloutMessage? Message { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Content => received.Data;

    /// <summary>Its number in the stream.</summary>
    public long Number => (long)(received.Metadata?.Sequence.Stream ?? 0);

    /// <summary>How many times it was handed out, this one counted.</summary>
    public int Deliveries => (int)Math.Min(received.Metadata?.NumDelivered ?? 1, int.MaxValue);

    /// <summary>How long nothing may be heard of it before it is handed out again.</summary>
    public TimeSpan AckWait { get; }

    /// <summary>Says that it is done with: it goes.</summary>
    /// <exception cref="StoreException">That was not heard; it will be handed out again.</exception>
    public Task AckAsync() => queue.SayAsync("done", limit => received.AckAsync(new AckOpts { DoubleAck = true }, limit));

    /// <summary>Says that it is to be handed out again.</summary>
    /// <param name="delay">Not before this time has passed.</param>
    /// <exception cref="StoreException">That was not heard; it will be handed out again, later.</exception>
    public Task RetryAsync(TimeSpan delay) => queue.SayAsync("to be tried again", limit => received.NakAsync(new AckOpts { NakDelay = delay }, limit));

    /// <summary>Says that it is still worked at.</summary>
    /// <exception cref="StoreException">That was not heard.</exception>
    public Task KeepAsync() => queue.SayAsync("in progress", limit => received.AckProgressAsync(cancellationToken: limit));

    /// <summary>Moves it to the dead letters.</summary>
    /// <param name="reason">Why, in a word: <c>unreadable</c>, <c>message</c>, <c>missing</c>, <c>failed</c> or <c>killed</c>.</param>
    /// <param name="detail">Why, in words.</param>
    /// <param name="deliveries">How many times it was tried.</param>
    /// <param name="at">When.</param>
    /// <exception cref="StoreException">It could not be moved; it will be handed out again.</exception>
    public Task BuryAsync(string reason, string detail, int deliveries, DateTimeOffset at)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        ArgumentNullException.ThrowIfNull(detail);
        return queue.BuryAsync(this, reason, detail, deliveries, at);
    }
}
