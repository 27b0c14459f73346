namespace RolloutTrace.Payloads;

/// <summary>What the event of a code cell's start says, where the format has no place for the event.</summary>
internal sealed record CellStartPayload
{
    public required string RuntimeCellId { get; init; }

    public required string ModelVisibleCallId { get; init; }

    public required string SourceJs { get; init; }
}
