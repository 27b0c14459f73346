using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Parts;

/// <summary>A turn of a part.</summary>
internal sealed class PartTurn
{
    public required string TurnId { get; init; }

    public required string ThreadId { get; init; }

    public bool HasEnded { get; set; }

    /// <summary>Where it starts among the part's events.</summary>
    public required int Start { get; init; }

    /// <summary>Its end, or the last event of it.</summary>
    public int Last { get; set; }

    /// <summary>Who called it, as its start says; null if it says nothing.</summary>
    public CallerReference? Caller { get; init; }

    /// <summary>The payloads with the responses of its requests, in order.</summary>
    public List<string> Responses { get; } = [];
}
