using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// One attempt of a model request, whatever it is for: a client that sends requests ends them all in the same way. A further
/// attempt is a request of its own.
/// </summary>
public abstract class ModelAttempt : RolloutHandle
{
    private protected ModelAttempt(Rollout rollout, string requestId)
        : base(rollout) => RequestId = requestId;

    /// <summary>Id of the attempt, unique in the rollout; a retry has its own. Empty if nobody listens.</summary>
    public string RequestId { get; }

    /// <summary>The model gave its whole response.</summary>
    /// <param name="responseId">The provider's id of the response; null for the one in the response, if it was handed over whole.</param>
    /// <param name="usage">What the request used; null for what the response says, if it was handed over whole.</param>
    /// <param name="outputItems">
    /// The completed output items, a list; or the response as it was on the wire, in any API that <see cref="Turn.StartModelRequest"/> takes, whole
    /// or as the list of its stream's events.
    /// </param>
    /// <param name="details">What else the provider says.</param>
    public abstract void Complete(string? responseId, TokenUsage? usage, in JsonPayload outputItems, in ModelResponseDetails details = default);

    /// <summary>The attempt failed.</summary>
    /// <param name="error">What went wrong, in words; for the bundle, and for the span where spans hold content.</param>
    /// <param name="errorType">A code of low cardinality, such as an exception's type or an HTTP status; for the span.</param>
    /// <param name="partialOutputItems">The output items that had arrived whole, a list.</param>
    /// <param name="details">What the provider says.</param>
    public void Fail(string error, string? errorType = null, in JsonPayload partialOutputItems = default, in ModelResponseDetails details = default) =>
        Fail(new Failure(error, errorType), partialOutputItems, details);

    /// <summary>The attempt failed by an exception.</summary>
    /// <param name="exception">The exception: its type for the span, type and message for the bundle, and for the span where spans hold content.</param>
    /// <param name="partialOutputItems">The output items that had arrived whole, a list.</param>
    /// <param name="details">What the provider says.</param>
    public void Fail(Exception exception, in JsonPayload partialOutputItems = default, in ModelResponseDetails details = default)
    {
        if (IsEnabled)
        {
            Fail(new Failure(exception), partialOutputItems, details);
        }
    }

    /// <summary>The attempt was given up.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="partialOutputItems">The output items that had arrived whole, a list.</param>
    /// <param name="details">What the provider says.</param>
    public abstract void Cancel(string reason, in JsonPayload partialOutputItems = default, in ModelResponseDetails details = default);

    private protected abstract void Fail(in Failure failure, in JsonPayload partialOutputItems, in ModelResponseDetails details);
}
