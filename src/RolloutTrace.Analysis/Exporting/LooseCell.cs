using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>A code cell that the state has no object for: its call was never seen, or another cell has its ids.</summary>
/// <param name="Cell">The cell as the state would have it, without an item.</param>
/// <param name="IsNamed">Whether the id is the cell's own; if not, the cell that the state has by that id is another.</param>
/// <param name="Response">What it ended with; null if it did not, or with nothing.</param>
internal sealed record LooseCell(RecordedCodeCell Cell, bool IsNamed, PayloadReference? Response);
