using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Replay.Requests;

namespace RolloutTrace.Replay.Answers;

/// <summary>A request as it was recorded: of a turn, or of a compaction. Immutable.</summary>
internal sealed record RecordedRequest
{
    public required string Id { get; init; }

    /// <summary>Its place among the requests, by their start, from 0.</summary>
    public required int Ordinal { get; init; }

    public required ExecutionWindow Execution { get; init; }

    public required string Model { get; init; }

    public required string ProviderName { get; init; }

    /// <summary>What it gave the model; null if that cannot be read.</summary>
    public required RequestShape? Shape { get; init; }

    /// <summary>The response that it continues; null if it shows all that there is.</summary>
    public required string? Previous { get; init; }

    /// <summary>The name by which the service keeps the conversation; null if it says none.</summary>
    public required string? Conversation { get; init; }

    /// <summary>The request as it was recorded.</summary>
    public required PayloadReference? Payload { get; init; }

    public required PayloadReference? Response { get; init; }

    public required string? ResponseId { get; init; }

    /// <summary>Why it failed or was cancelled; null if it was not, or nobody says.</summary>
    public required string? Error { get; init; }

    public bool HasEnded => Execution.Status != ExecutionStatus.Running;

    public bool IsCompleted => Execution.Status == ExecutionStatus.Completed;
}
