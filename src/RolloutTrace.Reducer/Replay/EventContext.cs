using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Replay;

/// <summary>Finds the thread and turn that an event belongs to.</summary>
internal static class EventContext
{
    /// <summary>The turn, which must be known and one of the thread's.</summary>
    public static CodexTurn TurnOfThread(this ReplayState state, string? turnId, string threadId, string what)
    {
        var turn = state.Turns.Find(turnId)
            ?? throw ReductionFault.Contradiction(turnId is null ? $"{what} has no turn" : $"{what} names the unknown turn {turnId}");
        return turn.ThreadId == threadId
            ? turn
            : throw ReductionFault.Contradiction($"{what} names thread {threadId}, but its turn {turnId} belongs to thread {turn.ThreadId}");
    }

    /// <summary>The envelope's thread, or else its turn's.</summary>
    public static string ThreadOf(this ReplayState state, RawEvent raw, string what) => raw.ThreadId
        ?? (raw.CodexTurnId is null
            ? throw ReductionFault.Contradiction($"{what} has neither a thread nor a turn")
            : state.Turns.Find(raw.CodexTurnId)?.ThreadId
                ?? throw ReductionFault.Contradiction($"{what} names the unknown turn {raw.CodexTurnId}"));
}
