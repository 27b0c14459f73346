using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Sessions;

/// <summary>One answer of a model, from which the request is made that it answered.</summary>
internal sealed class ModelAnswer
{
    /// <summary>The turn that it belongs to.</summary>
    public required string TurnId { get; init; }

    /// <summary>The model; null if nobody says.</summary>
    public string? Model { get; set; }

    /// <summary>When the last thing happened that the model saw, in milliseconds since the Unix epoch.</summary>
    public required long StartTime { get; set; }

    /// <summary>When the last item came, or the failure.</summary>
    public required long EndTime { get; set; }

    /// <summary>What the model said and called.</summary>
    public List<HistoryItem> Items { get; } = [];

    /// <summary>The provider's id of the response; null if nobody says.</summary>
    public string? ResponseId { get; set; }

    /// <summary>The provider's id of the request; null if nobody says.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>What it used; null if nobody says.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>Why the response ended, in the provider's word; null if nobody says.</summary>
    public string? StopReason { get; set; }

    /// <summary>Completed; failed with <see cref="Error"/>; or aborted, which the end of its turn has said by then.</summary>
    public ExecutionStatus Status { get; set; } = ExecutionStatus.Completed;

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>Further members of the request that are known.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Parameters { get; init; } = [];
}
