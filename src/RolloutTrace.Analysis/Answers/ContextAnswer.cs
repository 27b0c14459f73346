namespace RolloutTrace.Analysis.Answers;

/// <summary>
/// What <c>context</c> says of a request and its thread. In JSON <c>thread_id</c>, <c>inference_call_id</c>, <c>compaction_request_id</c>,
/// <c>input_tokens</c>, <c>bytes</c>, <c>origins</c> and <c>growth</c>.
/// </summary>
public sealed record ContextAnswer
{
    /// <summary>The thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The request whose input is taken apart; null if the thread has none of which that is known, and of a compaction's request.</summary>
    public required string? InferenceCallId { get; init; }

    /// <summary>The compaction's request whose input is taken apart; null of any other.</summary>
    public string? CompactionRequestId { get; init; }

    /// <summary>Tokens of its input; null if it does not say.</summary>
    public required long? InputTokens { get; init; }

    /// <summary>Length of its input in bytes of UTF-8.</summary>
    public required long Bytes { get; init; }

    /// <summary>What fills it, the largest first.</summary>
    public required IReadOnlyList<ContextOrigin> Origins { get; init; }

    /// <summary>How large the input of each request of the thread was, in the order in which they were sent.</summary>
    public required IReadOnlyList<ContextStep> Growth { get; init; }

    /// <summary>Takes the input of a request apart. Linear in the size of the state and of the requests' payloads.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="request">The request.</param>
    public static ContextAnswer Of(OpenRollout rollout, Reducer.InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var origins = RolloutContext.Origins(rollout, request);
        return new ContextAnswer
        {
            ThreadId = request.ThreadId,
            InferenceCallId = request.InferenceCallId,
            InputTokens = request.Usage?.InputTokens,
            Bytes = origins.Sum(static origin => origin.Bytes),
            Origins = origins,
            Growth = RolloutContext.Growth(rollout, request.ThreadId),
        };
    }

    /// <summary>Takes the input of a compaction's request apart.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="request">The request.</param>
    public static ContextAnswer Of(OpenRollout rollout, Reducer.RecordedCompactionRequest request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var origins = RolloutContext.Origins(rollout, request);
        return new ContextAnswer
        {
            ThreadId = request.ThreadId,
            InferenceCallId = null,
            CompactionRequestId = request.CompactionRequestId,
            InputTokens = rollout.CompactionResponses.Of(request).Usage?.InputTokens,
            Bytes = origins.Sum(static origin => origin.Bytes),
            Origins = origins,
            Growth = RolloutContext.Growth(rollout, request.ThreadId),
        };
    }

    /// <summary>Takes the input of a thread's last request apart, of those of which it is known what they showed.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="thread">The thread.</param>
    public static ContextAnswer OfLast(OpenRollout rollout, Reducer.AgentThread thread)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(thread);
        var last = rollout.Index.RequestsOfThread(thread.ThreadId).LastOrDefault(request => RolloutContext.IsKnown(rollout, request));
        return last is not null ? Of(rollout, last) : new ContextAnswer
        {
            ThreadId = thread.ThreadId,
            InferenceCallId = null,
            InputTokens = null,
            Bytes = 0,
            Origins = [],
            Growth = RolloutContext.Growth(rollout, thread.ThreadId),
        };
    }
}
