using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Finds the thread and the turn that an event belongs to. What the log says happened, happened: a thread or a turn that an event names
/// and whose start is not in the log exists from that event on, if replay takes that.
/// </summary>
internal sealed class EventPlaces(ReplayState state, Tolerance tolerance)
{
    private const string RootPath = "/root";

    /// <summary>The envelope's thread, or else its turn's, known or not.</summary>
    public string ThreadOf(RawEvent raw, string what)
    {
        if (raw.ThreadId is not null)
        {
            return raw.ThreadId;
        }

        if (raw.CodexTurnId is null)
        {
            Accept($"{what} has neither a thread nor a turn", "it is taken to be the root thread's", cause: null);
            return state.RootThreadId.Value;
        }

        if (state.Turns.Find(raw.CodexTurnId) is { } turn)
        {
            return turn.ThreadId;
        }

        Accept($"{what} names the unknown turn {raw.CodexTurnId}", "it is taken to be the root thread's", CauseOfTurn(raw.CodexTurnId));
        return state.RootThreadId.Value;
    }

    /// <summary>The envelope's thread, known or not, of an event that has to have one: its turn's is no more than a guess.</summary>
    public string OwnThreadOf(RawEvent raw, string what)
    {
        if (raw.ThreadId is null)
        {
            Accept($"{what} has no thread", "it is taken to be of its turn's", cause: null);
        }

        return ThreadOf(raw, what);
    }

    /// <summary>Sees to it that a thread is known.</summary>
    public AgentThread Thread(RawEvent raw, string threadId, string what)
    {
        if (state.Threads.Find(threadId) is { } known)
        {
            return known;
        }

        Accept($"{what} names the unknown thread {threadId}", "it exists from here on", $"thread {threadId}");
        var thread = new AgentThread
        {
            ThreadId = threadId,
            AgentPath = threadId == state.RootThreadId.Value ? RootPath : threadId,
            Origin = new RootOrigin(),
            Execution = ExecutionWindow.StartedBy(raw),
        };
        state.Threads.Set(threadId, thread);
        state.GuessedThreads.Set(threadId, threadId);
        return thread;
    }

    /// <summary>The id of the turn, known by then and one of the thread's, which must be known. An event without a turn gets the thread's last.</summary>
    public string TurnOf(RawEvent raw, string? turnId, string threadId, string what)
    {
        if (turnId is null)
        {
            var last = state.LastTurns.Find(threadId) ?? throw ReductionFault.Contradiction($"{what} has no turn");
            Accept($"{what} has no turn", $"it is taken to be of turn {last}", cause: null);
            return last;
        }

        if (state.Turns.Find(turnId) is not { } turn)
        {
            Accept($"{what} names the unknown turn {turnId}", "it exists from here on", CauseOfTurn(turnId));
            state.Turns.Set(turnId, new CodexTurn { CodexTurnId = turnId, ThreadId = threadId, Execution = ExecutionWindow.StartedBy(raw) });
            state.GuessedTurns.Set(turnId, turnId);
            state.LastTurns.Set(threadId, turnId);
        }
        else if (turn.ThreadId != threadId)
        {
            // A thread that nothing but the turn's start has named is rather a damaged name.
            var isMisnamed = state.GuessedThreads.Contains(turn.ThreadId);
            Accept(
                $"{what} names thread {threadId}, but its turn {turnId} belongs to thread {turn.ThreadId}",
                isMisnamed ? "the turn is taken to be of the thread" : "both are kept as they stand there",
                $"{CauseOfTurn(turnId)} in {threadId}");
            if (isMisnamed)
            {
                state.Turns.Set(turnId, turn with { ThreadId = threadId });
            }
        }

        return turnId;
    }

    private static string CauseOfTurn(string turnId) => $"turn {turnId}";

    private void Accept(string what, string kept, string? cause) => tolerance.Accept(new Defect
    {
        Severity = DiagnosticSeverity.Warning,
        Code = DiagnosticCodes.StartMissing,
        FaultCode = DiagnosticCodes.Contradiction,
        What = what,
        Kept = kept,
        Cause = cause,
    });
}
