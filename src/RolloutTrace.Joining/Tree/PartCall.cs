using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Tree;

/// <summary>A call of one part by another.</summary>
internal sealed class PartCall
{
    /// <summary>The rollout that called.</summary>
    public required RolloutGroup Caller { get; init; }

    /// <summary>Its part that called.</summary>
    public required Part CallerPart { get; init; }

    public required string CallerThreadId { get; init; }

    /// <summary>The tool call; null for none.</summary>
    public required string? ToolCallId { get; init; }

    /// <summary>The part that was called.</summary>
    public required Part Callee { get; init; }

    /// <summary>The turns that may have answered, the first one the one that was called.</summary>
    public required IReadOnlyList<PartTurn> Turns { get; init; }

    /// <summary>Whether the part says so of itself, and not of one of its turns.</summary>
    public required bool IsOfPart { get; init; }

    public PartTool? Tool => ToolCallId is null ? null : CallerPart.Tools[ToolCallId];

    /// <summary>The turn whose last message is the tool's output, and that text; null if there is none.</summary>
    public (PartTurn Turn, string Text)? Answer { get; set; }
}
