using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Turns. The end of one ends what it leaves running.</summary>
internal sealed class TurnReduction(ReplayState state, Tolerance tolerance, EventPlaces places, InferenceReduction inferences, CodeCellReduction cells)
{
    public void Start(RawEvent raw, CodexTurnStartedEvent e)
    {
        if (state.Turns.Find(e.CodexTurnId) is { } known)
        {
            Again(raw, known);
            return;
        }

        places.Thread(raw, e.ThreadId, $"the start of turn {e.CodexTurnId}");
        state.Turns.Set(e.CodexTurnId, new CodexTurn
        {
            CodexTurnId = e.CodexTurnId,
            ThreadId = e.ThreadId,
            Execution = ExecutionWindow.StartedBy(raw),
            Otel = raw.Otel?.Reference,
        });
        state.LastTurns.Set(e.ThreadId, e.CodexTurnId);
    }

    public void End(RawEvent raw, CodexTurnEndedEvent e)
    {
        var what = $"the end of turn {e.CodexTurnId}";
        if (state.Turns.Find(e.CodexTurnId) is not { } turn)
        {
            var threadId = raw.ThreadId ?? throw ReductionFault.Contradiction($"{what} names no known turn");
            places.Thread(raw, threadId, what);
            places.TurnOf(raw, e.CodexTurnId, threadId, what);
            turn = state.Turns[e.CodexTurnId];
        }
        else if (raw.ThreadId is { } thread && thread != turn.ThreadId)
        {
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Warning,
                Code = DiagnosticCodes.Contradiction,
                FaultCode = DiagnosticCodes.Contradiction,
                What = $"{what} names thread {thread}, but the turn belongs to thread {turn.ThreadId}",
                Kept = "it ends the turn",
            });
        }

        state.Turns.Set(turn.CodexTurnId, turn with { Execution = turn.Execution.EndedBy(raw, e.Status) });
        cells.EndTurn(raw, turn.CodexTurnId, e.Status);
        inferences.EndTurn(raw, turn.CodexTurnId, e.Status);
    }

    // A turn that exists goes on. One that exists only because something named it has its span now.
    private void Again(RawEvent raw, CodexTurn known)
    {
        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Information,
            Code = DiagnosticCodes.Contradiction,
            FaultCode = DiagnosticCodes.Contradiction,
            What = $"turn {known.CodexTurnId} has started already",
            Kept = "it goes on",
            Cause = $"turn {known.CodexTurnId}",
        });
        if (state.GuessedTurns.Contains(known.CodexTurnId))
        {
            state.GuessedTurns.Remove(known.CodexTurnId);
            state.Turns.Set(known.CodexTurnId, known with { Otel = raw.Otel?.Reference });
        }
    }
}
