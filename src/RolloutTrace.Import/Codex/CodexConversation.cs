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
internal sealed class CodexConversation
{
    private readonly RolloutWriter rollout;
    private readonly LogSpool spool;
    private readonly QueuedRecording? queue;
    private readonly ThreadWriter thread;
    private readonly CodexHistory history;
    private readonly List<Action> waiting = [];
    private readonly List<ToolUse> calls = [];
    private readonly List<CodexCallEnd> ends = [];
    private readonly HashSet<string> unanswered = new(StringComparer.Ordinal);
    private readonly HashSet<string> failedCalls = new(StringComparer.Ordinal);
    private readonly CodexTokens tokens = new();
    private readonly CallIds callIds;
    private readonly CodexPast past;
    private CodexTurn? turn;
    private CodexTurn? lastTurn;
    private ModelAnswer? answer;
    private bool isAnswerOpen;
    private bool isAnswerLast;
    private bool isPending;
    private bool isInterrupted;
    private bool endsAreTold;
    private string? words;
    private CompactionRecord? compaction;
    private TokenUsage? uncounted;
    private int turns;

    /// <summary>A session begins.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="start">How its thread starts.</param>
    /// <param name="spool">Keeps what items say.</param>
    /// <param name="queue">Where what it writes waits for others; null if nothing has to.</param>
    public CodexConversation(RolloutWriter rollout, AgentStart start, LogSpool spool, QueuedRecording? queue)
    {
        (this.rollout, this.spool, this.queue) = (rollout, spool, queue);
        thread = rollout.Start(start, queue);
        history = new CodexHistory(start.Time);
        callIds = new CallIds(spool);
        past = new CodexPast(history, tokens, callIds, spool);
    }

    /// <summary>The instructions that the session's requests gave, as a JSON string; null if nobody says.</summary>
    public ReadOnlyMemory<byte>? Instructions
    {
        init => thread.Instructions = value;
    }

    public ThreadWriter Thread => thread;

    /// <summary>The agents of the rollout; null where there is only this one.</summary>
    public CodexTeam? Team { get; init; }

    /// <summary>Whether nothing was said and nothing was done.</summary>
    public bool IsEmpty => turns == 0 && history.Seen.Count == 0;

    /// <summary>What it took over from another session.</summary>
    public CodexPast Past => past;

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
                IReadOnlyList<(string Helper, string Words)> answers = Team is null ? [] : CodexTeam.AnswersIn(payload);
                var isFailure = CodexItem.IsFailure(payload) || failedCalls.Remove(JsonText.MemberOrNull(payload, "call_id") ?? "");
                var end = new CodexCallEnd { Status = isFailure ? ExecutionStatus.Failed : ExecutionStatus.Completed, TellsOfAbort = CodexItem.TellsOfAbort(payload) };
                var turnId = turn?.TurnId;
                unanswered.Remove(item.CallId ?? "");
                isAnswerLast = false;
                ends.Add(end);
                isPending = true;
                Do(() => See(item, time, end, turnId, answers));
                break;
            case CodexItemKind.Message:
                var isUser = CodexItem.IsUsers(payload);

                // The program tells the model of an interruption before it tells that the turn is over.
                isInterrupted = isAnswerOpen && isUser && CodexItem.TellsOfInterruption(payload);
                CloseAnswer();
                isAnswerLast = false;
                EndUntoldTurn(isUser, time);
                isPending = true;
                Do(() => history.See(item, time, isUser));
                break;
            default:
                words = Team is not null && CodexItem.TextOf(payload) is { Length: > 0 } text ? text : words;
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
                Fail(CodexErrors.FailureOfRequest(JsonText.Member(payload, "error")), time);
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
                var count = CodexPast.CountOfTurns(payload);
                Do(() => history.RollBack(count, behind => LeaveNotShown(behind, time)));
                return false;
            case "error":
                Fail(CodexErrors.FailureOfRequest(payload), time);
                return false;
            case "mcp_tool_call_end" when CodexErrors.IsOfFailedCall(payload):
                failedCalls.Add(JsonText.MemberOrNull(payload, "call_id") ?? "");
                return CodexEvents.Repeats(type);
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
            Replacement = past.ReplacementOf(payload),
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
            thread.Compact(record, history.Seen);
            history.Replace(record.Replacement ?? [], time);
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
    /// <returns>Whether the session came to its end.</returns>
    public bool Finish(long time)
    {
        if (turn is { IsTold: false } && !endsAreTold && isAnswerLast && unanswered.Count == 0)
        {
            EndTurn(ExecutionStatus.Completed, time);
        }

        Flush();
        LeaveNotShown(History.None, time);
        var hasEnded = turn is null && !IsEmpty;
        if (hasEnded)
        {
            thread.End(RolloutStatus.Completed, time);
        }

        return hasEnded;
    }

    private void Answer(HistoryItem item, ToolUse? call, long time)
    {
        var current = turn ?? BeginTurn(id: null, isTold: false, history.LastSeen);
        if (!isAnswerOpen)
        {
            Flush();
            ends.Clear();
            isInterrupted = false;
            isAnswerOpen = true;
            answer = new ModelAnswer { TurnId = current.TurnId, Model = current.Model, Parameters = current.Parameters, StartTime = history.LastSeen, EndTime = time };
        }

        current.HasAnswer = true;
        isAnswerLast = true;
        isPending = false;
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
            EndTurn(turn.IsTold ? ExecutionStatus.Aborted : ExecutionStatus.Completed, turn.IsTold ? time : answer?.EndTime ?? history.LastSeen);
        }

        var begun = new CodexTurn { TurnId = rollout.Take(id, "turn", $"{++turns}"), LogId = id, IsTold = isTold };
        begun.GoOn(lastTurn);
        turn = lastTurn = begun;
        isAnswerLast = false;
        words = null;
        Do(() =>
        {
            history.BeginTurn();
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
        status = status == ExecutionStatus.Completed && ended.HasFailed ? ExecutionStatus.Failed : status;
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
        if (status == ExecutionStatus.Completed && words is { } said)
        {
            Do(() => queue!.Add(time, () => Team!.Answered(thread, ended.TurnId, said)));
        }
    }

    // The model was asked for what nobody has answered yet, or had begun to answer.
    private void Fail(string? error, long time)
    {
        if (error is null || turn is not { HasFailed: false } current || !(isPending || (isAnswerOpen && answer is { Usage: null })))
        {
            return;
        }

        if (!isAnswerOpen)
        {
            Flush();
            answer = new ModelAnswer { TurnId = current.TurnId, Model = current.Model, Parameters = current.Parameters, StartTime = history.LastSeen, EndTime = time };
        }

        (answer!.Status, answer.Error, answer.EndTime) = (ExecutionStatus.Failed, error, time);
        current.HasAnswer = current.HasFailed = isAnswerLast = true;
        isPending = false;
        CloseAnswer();
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

    private void See(HistoryItem output, long time, CodexCallEnd end, string? turnId, IReadOnlyList<(string Helper, string Words)> answers)
    {
        if (output.CallId is { } callId)
        {
            thread.EndCall(callId, turnId, end.Status, output.Json, time);
            if (answers.Count > 0)
            {
                queue!.Add(time, () => Team!.Deliver(answers, thread, callId, time));
            }
        }

        history.See(output, time, isUser: false);
    }

    // Nobody answered, so that no request has it.
    private void LeaveNotShown(History behind, long time)
    {
        foreach (var item in history.Seen.NotShown(behind))
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
            var seen = history.Seen;
            var request = thread.StartRequest(seen, held);
            endTurn?.Invoke();
            thread.EndRequest(request, seen, held);
            history.See(held);
            calls.ForEach(call => thread.Start(call, held.TurnId));
            calls.Clear();
            waiting.ForEach(static action => action());
            waiting.Clear();
        }

        uncounted = null;
        compaction = null;
    }
}
