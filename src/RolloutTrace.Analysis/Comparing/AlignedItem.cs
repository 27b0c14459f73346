namespace RolloutTrace.Analysis.Comparing;

/// <summary>An item of a conversation that is shown beside another.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Tool">Of a call or an output, the tool's name; empty where nothing says it.</param>
/// <param name="Text">What it says, whole.</param>
/// <param name="Volatile">The pieces of the text that are never the same in two runs, in order.</param>
public sealed record AlignedItem(string ItemId, string Tool, string Text, IReadOnlyList<VolatilePiece> Volatile);
