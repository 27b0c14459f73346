using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>One request as the handles have it: as the program gave it, or as it went over the wire, each attempt apart.</summary>
internal sealed class RecordedRequest<TAttempt>
    where TAttempt : ModelAttempt
{
    private readonly Func<JsonPayload, TAttempt> start;
    private readonly Func<JsonPayload> given;
    private readonly WireExchange? wire;
    private TAttempt? attempt;

    /// <summary>Starts it; from the wire only once it gets there.</summary>
    /// <param name="start">Starts the trace of an attempt.</param>
    /// <param name="given">The request as the program gave it.</param>
    /// <param name="fromWire">Whether it is to be recorded as it goes over the wire.</param>
    public RecordedRequest(Func<JsonPayload, TAttempt> start, Func<JsonPayload> given, bool fromWire)
    {
        this.start = start;
        this.given = given;
        if (fromWire)
        {
            wire = WireExchange.Begin(json => attempt = start(json));
        }
        else
        {
            attempt = start(given());
        }
    }

    /// <summary>Takes an attempt that has been recorded as it went over the wire, and been answered.</summary>
    public RecordedRequest(TAttempt attempt)
    {
        this.attempt = attempt;
        start = static _ => throw new InvalidOperationException("it has started");
        given = static () => default;
    }

    /// <summary>The latest attempt; null if it has not got to the wire.</summary>
    public TAttempt? Attempt => attempt;

    /// <summary>The attempt that was answered.</summary>
    public TAttempt Complete(ChatResponse response)
    {
        // A client that reads no bytes to the end has its answer all the same: what it says counts where the wire said nothing.
        wire?.Complete();
        attempt ??= start(given());
        attempt.Complete(response.ResponseId, ResponseFacts.Usage(response.Usage), ResponseFacts.Items(response.Messages), ResponseFacts.Details(response));
        return attempt;
    }

    /// <summary>It failed, or was given up where there is no exception.</summary>
    public void Fail(Exception? exception, string reason, ChatResponse partial)
    {
        if (exception is null)
        {
            wire?.Cancel(reason);
        }
        else
        {
            wire?.Fail(exception);
        }

        attempt ??= start(given());
        var items = partial.Messages.Count == 0 ? default : ResponseFacts.Items(partial.Messages);
        if (exception is null)
        {
            attempt.Cancel(reason, items, ResponseFacts.Details(partial));
        }
        else
        {
            attempt.Fail(exception, items, ResponseFacts.Details(partial));
        }
    }
}
