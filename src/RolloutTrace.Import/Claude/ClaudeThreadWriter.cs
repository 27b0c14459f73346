using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Claude;

/// <summary>Writes the lines of one agent. Nothing is written before the schedule runs, since others worked at the same time.</summary>
/// <param name="thread">The agent's thread.</param>
/// <param name="rollout">The rollout.</param>
/// <param name="schedule">What is to be written, by time.</param>
/// <param name="start">Tells how the thread starts; asked when that is written.</param>
/// <param name="others">The writers of the session's threads.</param>
internal sealed class ClaudeThreadWriter(
    ClaudeThread thread, RolloutWriter rollout, Schedule schedule, Func<AgentStart> start, Func<ClaudeThread, ClaudeThreadWriter> others)
{
    private readonly HashSet<ClaudeUnit> written = [];
    private long time;
    private long startTime;
    private long lastTime;
    private bool hasBegun;
    private int turns;
    private ClaudeTurn? turn;
    private (ClaudeLine Line, long TurnEnd)? command;

    /// <summary>Writes the thread; null until its start is written.</summary>
    public ThreadWriter? Writer { get; private set; }

    /// <summary>Whether it came to its end.</summary>
    public bool HasEnded { get; private set; }

    public ClaudeThreadWriter Other(ClaudeThread other) => others(other);

    /// <summary>The thread starts, unless it has.</summary>
    public void Begin(long at)
    {
        if (hasBegun)
        {
            return;
        }

        hasBegun = true;
        time = at;
        if (thread.Causes.Count > 0)
        {
            var (caller, call) = thread.Causes[0];
            time = Math.Max(time, others(caller).Call(call));
        }

        At(at, () => Writer = rollout.Start(start()));
        startTime = time;
    }

    /// <summary>A line comes.</summary>
    public void Take(ClaudeLine line)
    {
        Begin(line.Time);
        switch (line.Kind)
        {
            case ClaudeLineKind.Aside:
                Leave(line);
                return;
            case ClaudeLineKind.Prompt:
                command = null;
                EndTurn();
                StartTurn(line.Uuid, line.Time);
                break;
            case ClaudeLineKind.Note when line.IsInterruption:
                Interrupt();
                break;
            case ClaudeLineKind.Note when line.IsCommand && turn is null or { IsAnswered: true }:
                command ??= (line, lastTime);
                break;
            case ClaudeLineKind.Results:
                EndCalls(line);
                break;
            case ClaudeLineKind.Answer when line.Unit!.Lines[^1] == line:
                Answer(line.Unit, line.Time);
                break;
            case ClaudeLineKind.Failure:
                Fail(line);
                break;
            case ClaudeLineKind.Boundary:
                Leave(line);
                Compact(line);
                break;
            case ClaudeLineKind.Summary when line.Unit!.First == line:
                Compact(line);
                break;
        }

        lastTime = line.Time;
    }

    /// <summary>No more lines come.</summary>
    public void Finish()
    {
        LeaveNotShown();

        // A helper whose caller has its answer works no more.
        var isOver = thread.Causes.Count > 0 && thread.Causes.TrueForAll(static cause => cause.Thread.Answered.Contains(cause.Call.Use.CallId));
        if (turn is { IsAnswered: false } && !isOver)
        {
            return;
        }

        var ended = EndTurn();
        HasEnded = true;

        // A session is over when its log is; a helper has done what it was to do, or has not.
        var status = !thread.IsHelper ? RolloutStatus.Completed
            : ended == ExecutionStatus.Failed ? RolloutStatus.Failed
            : ended == ExecutionStatus.Aborted ? RolloutStatus.Aborted
            : RolloutStatus.Completed;
        At(lastTime, () => Writer!.End(status, lastTime));
    }

    private long Call(ClaudeCall call)
    {
        if (thread.Callers.TryGetValue(call.Use.CallId, out var unit))
        {
            Answer(unit, unit.First.Time);
        }

        return time;
    }

    private void At(long at, Action action)
    {
        time = Math.Max(time, at);
        schedule.Add(time, action);
    }

    private void Leave(ClaudeLine line)
    {
        var turnId = turn?.TurnId;
        schedule.Add(Math.Max(line.Time, startTime), () => Writer!.Leave(line.Type, line.Raw.Bytes, turnId, line.Time));
    }

    // Nobody answered, so that no request has it. Results are with their calls.
    private void LeaveNotShown()
    {
        var (turnId, at) = (turn?.TurnId, lastTime);
        At(at, () =>
        {
            foreach (var line in thread.Lines.Where(static line => line.Kind != ClaudeLineKind.Answer))
            {
                foreach (var item in line.Items.Where(item => !item.IsShown && !(item.IsOutput && thread.Callers.ContainsKey(item.CallId ?? ""))))
                {
                    Writer!.Leave(line.Type, item, turnId, Math.Max(at, line.Time));
                }
            }
        });
    }

    private ClaudeTurn StartTurn(string? given, long at)
    {
        var begun = turn = new ClaudeTurn(rollout.Take(given, thread.Key ?? "", "turn", $"{++turns}"));
        var turnId = begun.TurnId;
        At(at, () => Writer!.StartTurn(turnId, at));
        return begun;
    }

    // A command of the user's begins a turn as a prompt does, if a model answers it.
    private ClaudeTurn TurnAt(long answeredAt)
    {
        if (command is { } given)
        {
            command = null;
            lastTime = given.TurnEnd;
            EndTurn();
            return StartTurn(given.Line.Uuid, given.Line.Time);
        }

        return turn ?? StartTurn(given: null, answeredAt);
    }

    private ExecutionStatus? EndTurn()
    {
        if (turn is not { } ended)
        {
            return null;
        }

        turn = null;
        var status = ended.IsInterrupted || !ended.IsAnswered ? ExecutionStatus.Aborted : ended.HasFailed ? ExecutionStatus.Failed : ExecutionStatus.Completed;
        var (turnId, at) = (ended.TurnId, lastTime);
        At(at, () =>
        {
            // The conversation went on without what these gave.
            Writer!.AbortOpenCalls(turnId, at);
            Writer.EndTurn(turnId, status, at);
        });
        if (turns <= thread.Causes.Count && ended.LastWords is { } words && !IsLaunch(thread.Causes[turns - 1]))
        {
            Deliver(thread.Causes[turns - 1], words, status, at);
        }

        return status;
    }

    // How its answer came to the caller the log does not say.
    private static bool IsLaunch((ClaudeThread Caller, ClaudeCall Call) cause) => cause.Caller.Launches.Contains(cause.Call.Use.CallId);

    private void Deliver((ClaudeThread Caller, ClaudeCall Call) cause, string words, ExecutionStatus status, long at) => At(at, () =>
    {
        var parent = others(cause.Caller).Writer!;
        if (parent.ToolOf(cause.Call.Use.CallId) is { } toolCallId)
        {
            Writer!.Deliver(parent, toolCallId, words, status, at);
        }
    });

    private void Interrupt()
    {
        if (turn is not null)
        {
            turn.IsInterrupted = turn.IsAnswered = true;
        }
    }

    private void Answer(ClaudeUnit unit, long end)
    {
        if (!written.Add(unit))
        {
            return;
        }

        var current = TurnAt(unit.First.Time);
        var answered = NewAnswer(unit, current, end, out var seen);
        answered.Items.AddRange(unit.Lines.SelectMany(static line => line.Items));
        WriteRequest(seen, answered);
        var turnId = current.TurnId;
        foreach (var call in unit.Lines.SelectMany(static line => line.Calls))
        {
            At(call.Use.Time, () => Writer!.Start(call.Use, turnId));
        }

        current.IsAnswered = !unit.Lines.Exists(static line => line.Calls.Count > 0);
        current.HasFailed = false;
        current.LastWords = string.Join('\n', unit.Lines.Select(static line => line.Text).Where(static text => text.Length > 0)) is { Length: > 0 } words ? words : current.LastWords;
    }

    private void Fail(ClaudeLine line)
    {
        var current = TurnAt(line.Time);
        var failed = NewAnswer(line.Unit!, current, line.Time, out var seen, line.Error);
        WriteRequest(seen, failed);
        current.IsAnswered = current.HasFailed = true;
        current.LastWords = line.Error;
    }

    private static ModelAnswer NewAnswer(ClaudeUnit unit, ClaudeTurn current, long end, out History seen, string? error = null)
    {
        var lastSeen = 0L;
        seen = ClaudeUnit.HistoryUntil(unit.Parent, unit.First.Order, ref lastSeen);
        return new ModelAnswer
        {
            TurnId = current.TurnId,
            Model = Last(unit, static line => line.Model),
            StartTime = lastSeen == 0 ? unit.First.Time : lastSeen,
            EndTime = end,
            ResponseId = Last(unit, static line => line.MessageId),
            UpstreamRequestId = Last(unit, static line => line.RequestId),
            Usage = unit.Lines.FindLast(static line => line.Usage is not null)?.Usage,
            StopReason = Last(unit, static line => line.StopReason),
            Status = error is null ? ExecutionStatus.Completed : ExecutionStatus.Failed,
            Error = error,
        };
    }

    private static string? Last(ClaudeUnit unit, Func<ClaudeLine, string?> member) => unit.Lines.Select(member).LastOrDefault(static value => value is not null);

    private void WriteRequest(History seen, ModelAnswer answer)
    {
        var id = "";
        At(answer.StartTime, () => id = Writer!.StartRequest(seen, answer));
        At(answer.EndTime, () => Writer!.EndRequest(id, seen, answer));
    }

    private void EndCalls(ClaudeLine line)
    {
        foreach (var result in line.Results)
        {
            if (thread.Callers.TryGetValue(result.CallId, out var unit))
            {
                Answer(unit, unit.First.Time);
            }

            var turnId = turn?.TurnId;
            At(line.Time, () => Writer!.EndCall(result.CallId, turnId, result.IsError ? ExecutionStatus.Failed : ExecutionStatus.Completed, result.Item.Json, line.Time));
        }

        if (line.IsInterruption)
        {
            Interrupt();
        }
        else if (turn is not null)
        {
            turn.IsAnswered = false;
        }
    }

    private void Compact(ClaudeLine line)
    {
        var current = turn ?? StartTurn(given: null, line.Time);
        var lastSeen = 0L;
        var before = ClaudeUnit.HistoryUntil(line.Unit!.Before, line.Order, ref lastSeen);
        var replacement = line.Unit.Replacement;
        var record = new CompactionRecord
        {
            TurnId = current.TurnId,
            Time = line.Time,
            Replacement = replacement.Count > 0 ? replacement : null,
            Log = line.Compaction is { Metadata: { IsEmpty: false } metadata } ? [new("compact_metadata", metadata)] : [],
        };
        At(line.Time, () => Writer!.Compact(record, before));
    }
}
