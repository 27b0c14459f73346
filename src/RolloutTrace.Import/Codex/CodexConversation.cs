using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>
/// Makes requests of the items of a log. An answer is held until the next one begins, since its tokens may be counted as late as behind
/// the outputs of its calls; what comes in between waits for it, so that everything is written in its order.
/// </summary>
/// <param name="rollout">The rollout.</param>
/// <param name="start">How its thread starts.</param>
/// <param name="spool">Keeps what items say.</param>
internal sealed class CodexConversation(RolloutWriter rollout, AgentStart start, LogSpool spool)
{
    private readonly ThreadWriter thread = rollout.Start(start);
    private readonly List<History> userTurns = [];
    private readonly List<Action> waiting = [];
    private readonly List<ToolUse> calls = [];
    private readonly List<CallEnd> ends = [];
    private readonly HashSet<string> unanswered = new(StringComparer.Ordinal);
    private readonly CodexTokens tokens = new();
    private readonly CallIds callIds = new(spool);
    private History history = History.None;
    private CodexTurn? turn;
    private CodexTurn? lastTurn;
    private ModelAnswer? answer;
    private bool isAnswerOpen;
    private bool isAnswerLast;
    private bool isInterrupted;
    private bool endsAreTold;
    private bool userSpoke;
    private CompactionRecord? compaction;
    private TokenUsage? uncounted;
    private long lastSeen = start.Time;
    private int turns;

    /// <summary>The instructions that the session's requests gave, as a JSON string; null if nobody says.</summary>
    public ReadOnlyMemory<byte>? Instructions
    {
        init => thread.Instructions = value;
    }

    /// <summary>Whether nothing was said and nothing was done.</summary>
    public bool IsEmpty => turns == 0 && history.Count == 0;

    /// <summary>An item came.</summary>
    /// <returns>Whether it was one that has a place in a conversation.</returns>
    public bool Item(JsonElement payload, long time)
    {
        var kind = CodexItem.KindOf(payload);
        if (kind == CodexItemKind.Unknown || HistoryItem.Of(payload) is not { } item)
        {
            return false;
        }

        item = callIds.Take(item.KeptIn(spool));
        switch (kind)
        {
            case CodexItemKind.Output:
                CloseAnswer();
                var end = new CallEnd { Status = CodexItem.IsFailure(payload) ? ExecutionStatus.Failed : ExecutionStatus.Completed, TellsOfAbort = CodexItem.TellsOfAbort(payload) };
                var turnId = turn?.TurnId;
                unanswered.Remove(item.CallId ?? "");
                isAnswerLast = false;
                ends.Add(end);
                Do(() => See(item, time, end, turnId));
                break;
            case CodexItemKind.Message:
                var isUser = JsonText.MemberOrNull(payload, "role") is "user";

                // The program tells the model of an interruption before it tells that the turn is over.
                isInterrupted = isAnswerOpen && isUser && CodexItem.TellsOfInterruption(payload);
                CloseAnswer();
                isAnswerLast = false;
                EndUntoldTurn(isUser, time);
                Do(() => See(item, time, isUser));
                break;
            default:
                Answer(item, kind == CodexItemKind.Call ? CodexItem.CallOf(payload, time).Under(item.CallId!) : null, time);
                break;
        }

        return true;
    }

    /// <summary>A turn's context came: it may begin a turn.</summary>
    public void Context(JsonElement payload, long time)
    {
        var id = JsonText.MemberOrNull(payload, "turn_id");
        var isOfTurn = turn is not null && (id is not null && turn.LogId is not null ? id == turn.LogId : !turn.HasContext || !turn.HasAnswer);
        if (!isOfTurn)
        {
            BeginTurn(id, isTold: false, time);
        }

        turn!.Take(payload);
    }

    /// <summary>An event came.</summary>
    /// <returns>Whether it was used, or says nothing that is not said elsewhere.</returns>
    public bool Event(JsonElement payload, long time)
    {
        var type = JsonText.MemberOrNull(payload, "type");
        switch (type)
        {
            case "task_started" or "turn_started":
                BeginTurn(JsonText.MemberOrNull(payload, "turn_id"), isTold: true, time);
                return true;
            case "task_complete" or "turn_complete":
                endsAreTold = true;
                EndTurn(ExecutionStatus.Completed, time);
                return true;
            case "turn_aborted":
                endsAreTold = true;
                EndTurn(ExecutionStatus.Aborted, time);
                return true;
            case "token_count":
                Count(tokens.Add(payload));
                return true;
            case "thread_rolled_back":
                CloseAnswer();
                var count = JsonText.Member(payload, "num_turns") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : 1;
                Do(() => RollBack(count, time));
                return false;
            default:
                return CodexEvents.Repeats(type);
        }
    }

    /// <summary>The history was replaced.</summary>
    public void Compacted(JsonElement payload, long time)
    {
        CloseAnswer();
        isAnswerLast = false;
        var ofTurn = turn ?? lastTurn ?? BeginTurn(id: null, isTold: false, time);
        var record = new CompactionRecord
        {
            TurnId = ofTurn.TurnId,
            Model = ofTurn.Model,
            Time = time,
            Tokens = uncounted,
            Replacement = ReplacementOf(payload),
            Log = JsonText.Member(payload, "message") is { ValueKind: JsonValueKind.String } message
                ? [new("message", JsonMarshal.GetRawUtf8Value(message).ToArray())]
                : [],
        };
        uncounted = null;
        compaction = record;
        if (record.Replacement is null)
        {
            Leave("compacted", JsonMarshal.GetRawUtf8Value(payload).ToArray(), time);
        }

        Do(() =>
        {
            thread.Compact(record, history);
            userTurns.Clear();
            history = History.None.With(record.Replacement ?? []);
            lastSeen = time;
        });
    }

    /// <summary>Writes what has no place in a conversation.</summary>
    public void Leave(string type, ReadOnlyMemory<byte> line, long time)
    {
        var turnId = turn?.TurnId;
        if (answer is null)
        {
            thread.Leave(type, line, turnId, time);
            return;
        }

        var kept = spool.Keep(line);
        waiting.Add(() => thread.Leave(type, kept.Bytes, turnId, time));
    }

    /// <summary>The log is at its end.</summary>
    public void Finish(long time)
    {
        if (turn is { IsTold: false } && !endsAreTold && isAnswerLast && unanswered.Count == 0)
        {
            EndTurn(ExecutionStatus.Completed, time);
        }

        Flush();
        LeaveNotShown(History.None, time);
        if (turn is null && !IsEmpty)
        {
            thread.End(RolloutStatus.Completed, time);
            rollout.End(time);
        }
    }

    private List<HistoryItem>? ReplacementOf(JsonElement payload) =>
        JsonText.Member(payload, "replacement_history") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(static entry => CodexItem.KindOf(entry) != CodexItemKind.Unknown).Select(HistoryItem.Of).OfType<HistoryItem>().Select(item => callIds.Again(item.KeptIn(spool)))]
            : null;

    private void Answer(HistoryItem item, ToolUse? call, long time)
    {
        var current = turn ?? BeginTurn(id: null, isTold: false, lastSeen);
        if (!isAnswerOpen)
        {
            Flush();
            ends.Clear();
            isInterrupted = false;
            isAnswerOpen = true;
            answer = new ModelAnswer { TurnId = current.TurnId, Model = current.Model, Parameters = current.Parameters, StartTime = lastSeen, EndTime = time };
        }

        current.HasAnswer = true;
        isAnswerLast = true;
        answer!.Items.Add(item);
        answer.EndTime = time;
        if (call is not null)
        {
            calls.Add(call);
            unanswered.Add(call.CallId);
        }
    }

    private void CloseAnswer() => isAnswerOpen = false;

    // What the program says before the first question belongs to no answer yet. A turn that nothing tells begins with a user's message.
    private void EndUntoldTurn(bool isUser, long time)
    {
        if (isUser && turn is { IsTold: false, HasContext: false, HasAnswer: true } && unanswered.Count == 0)
        {
            EndTurn(ExecutionStatus.Completed, time);
        }
    }

    private CodexTurn BeginTurn(string? id, bool isTold, long time)
    {
        CloseAnswer();
        if (turn is not null)
        {
            // One whose start was told, and whose end was not, was interrupted.
            EndTurn(turn.IsTold ? ExecutionStatus.Aborted : ExecutionStatus.Completed, turn.IsTold ? time : answer?.EndTime ?? lastSeen);
        }

        var begun = new CodexTurn { TurnId = rollout.Take(id, "turn", $"{++turns}"), LogId = id, IsTold = isTold };
        begun.GoOn(lastTurn);
        turn = lastTurn = begun;
        isAnswerLast = false;
        Do(() =>
        {
            userSpoke = false;
            thread.StartTurn(begun.TurnId, time);
        });
        return begun;
    }

    private void EndTurn(ExecutionStatus status, long time)
    {
        if (turn is not { } ended)
        {
            return;
        }

        turn = null;
        unanswered.Clear();
        if (status == ExecutionStatus.Aborted)
        {
            ends.Where(static end => end.TellsOfAbort).ToList().ForEach(static end => end.Status = ExecutionStatus.Aborted);
        }

        ends.Clear();
        var isCut = status == ExecutionStatus.Aborted && (isAnswerOpen || isInterrupted) && answer is { Usage: null };
        CloseAnswer();
        if (isCut)
        {
            answer!.Status = ExecutionStatus.Aborted;
            answer.EndTime = time;
            Flush(() => thread.EndTurn(ended.TurnId, status, time));
            thread.AbortOpenCalls(ended.TurnId, time);
            return;
        }

        Do(() =>
        {
            if (status == ExecutionStatus.Aborted)
            {
                thread.AbortOpenCalls(ended.TurnId, time);
            }

            thread.EndTurn(ended.TurnId, status, time);
        });
    }

    private void Count(TokenUsage? used)
    {
        if (used is null)
        {
            return;
        }

        if (answer is { Usage: null })
        {
            answer.Usage = used;
        }
        else if (compaction is not null)
        {
            compaction.Tokens = CodexTokens.Sum(compaction.Tokens, used);
        }
        else
        {
            uncounted = CodexTokens.Sum(uncounted, used);
        }
    }

    private void See(HistoryItem item, long time, bool isUser)
    {
        if (isUser && !userSpoke)
        {
            userSpoke = true;
            userTurns.Add(history);
        }

        history = history.With(item);
        lastSeen = time;
    }

    private void See(HistoryItem output, long time, CallEnd end, string? turnId)
    {
        if (output.CallId is { } callId)
        {
            thread.EndCall(callId, turnId, end.Status, output.Json, time);
        }

        See(output, time, isUser: false);
    }

    private void RollBack(int count, long time)
    {
        if (count > 0 && userTurns.Count > 0)
        {
            var kept = Math.Max(0, userTurns.Count - count);
            LeaveNotShown(userTurns[kept], time);
            history = userTurns[kept];
            userTurns.RemoveRange(kept, userTurns.Count - kept);
        }
    }

    // Nobody answered, so that no request has it.
    private void LeaveNotShown(History behind, long time)
    {
        foreach (var item in history.NotShown(behind))
        {
            thread.Leave("response_item", item, turn?.TurnId, time);
        }
    }

    private void Do(Action action)
    {
        if (answer is null)
        {
            action();
        }
        else
        {
            waiting.Add(action);
        }
    }

    // Nothing is waited for any more: the next answer begins, or there is none.
    private void Flush(Action? endTurn = null)
    {
        if (answer is { } held)
        {
            // What no compaction used, the answer did.
            held.Usage = CodexTokens.Sum(held.Usage, uncounted);
            answer = null;
            var request = thread.StartRequest(history, held);
            endTurn?.Invoke();
            thread.EndRequest(request, history, held);
            history = history.With(held.Items);
            calls.ForEach(call => thread.Start(call, held.TurnId));
            calls.Clear();
            lastSeen = Math.Max(lastSeen, held.EndTime);
            waiting.ForEach(static action => action());
            waiting.Clear();
        }

        uncounted = null;
        compaction = null;
    }

    // How a call ended, which the end of its turn may still tell.
    private sealed class CallEnd
    {
        public required ExecutionStatus Status { get; set; }

        public required bool TellsOfAbort { get; init; }
    }
}
