using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Turns. The end of one ends what it leaves running.</summary>
internal sealed class TurnReduction(ReplayState state, InferenceReduction inferences, CodeCellReduction cells)
{
    public void Start(RawEvent raw, CodexTurnStartedEvent e)
    {
        if (state.Turns.Contains(e.CodexTurnId))
        {
            throw ReductionFault.Contradiction($"turn {e.CodexTurnId} has started already");
        }

        if (!state.Threads.Contains(e.ThreadId))
        {
            throw ReductionFault.Contradiction($"the start of turn {e.CodexTurnId} names the unknown thread {e.ThreadId}");
        }

        state.Turns.Set(e.CodexTurnId, new CodexTurn
        {
            CodexTurnId = e.CodexTurnId,
            ThreadId = e.ThreadId,
            Execution = ExecutionWindow.StartedBy(raw),
            Otel = raw.Otel?.Reference,
        });
    }

    public void End(RawEvent raw, CodexTurnEndedEvent e)
    {
        var turn = state.Turns.Find(e.CodexTurnId)
            ?? throw ReductionFault.Contradiction($"the end of turn {e.CodexTurnId} names no known turn");
        if (raw.ThreadId is { } thread && thread != turn.ThreadId)
        {
            throw ReductionFault.Contradiction(
                $"the end of turn {e.CodexTurnId} names thread {thread}, but the turn belongs to thread {turn.ThreadId}");
        }

        state.Turns.Set(turn.CodexTurnId, turn with { Execution = turn.Execution.EndedBy(raw, e.Status) });
        cells.EndTurn(raw, turn.CodexTurnId, e.Status);
        inferences.EndTurn(raw, turn.CodexTurnId, e.Status);
    }
}
