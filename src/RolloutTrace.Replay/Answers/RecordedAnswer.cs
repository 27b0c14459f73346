using System.Net;

namespace RolloutTrace.Replay.Answers;

/// <summary>What came of a recorded request, in no API's words. Immutable.</summary>
internal sealed record RecordedAnswer
{
    public required RecordedRequest Request { get; init; }

    public required AnswerStatus Status { get; init; }

    /// <summary>What had arrived.</summary>
    public IReadOnlyList<AnswerItem> Items { get; init; } = [];

    public string? ResponseId { get; init; }

    public required string Model { get; init; }

    public TokenUsage? Usage { get; init; }

    /// <summary>Why the model stopped: <c>stop</c>, <c>tool_calls</c>, <c>length</c>, <c>content_filter</c> or the API's own word.</summary>
    public required string FinishReason { get; init; }

    /// <summary>How long it took when it was recorded.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Of a failure, what was recorded of it.</summary>
    public string Error => Request.Error ?? "the recorded request failed";

    /// <summary>The status that a failure names; null if it names none.</summary>
    public HttpStatusCode? StatusCode { get; init; }
}
