using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Codex;

/// <summary>How a call ended, which the end of its turn may still tell.</summary>
internal sealed class CodexCallEnd
{
    public required ExecutionStatus Status { get; set; }

    public required bool TellsOfAbort { get; init; }
}
