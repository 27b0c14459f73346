using System.Text.Json.Nodes;
using RolloutTrace;

namespace CodingAgent.CodeMode;

/// <summary>
/// A cell from its acceptance to its end. It answers when it is asked and has something to say: it yields, it ends, or time is
/// up. Safe for concurrent use: its state changes under one lock, and the trace with it, so that both tell the same.
/// </summary>
internal sealed class RunningCell(string id, CodeCell trace)
{
    private const int OutputLimit = 100_000;

    private readonly Lock sync = new();
    private readonly CancellationTokenSource cancelling = new();
    private readonly Tools.LimitedText output = new(OutputLimit);
    private readonly List<Task> calls = [];
    private TaskCompletionSource<CellAnswer>? waiting;
    private CellAnswer? last;

    public CodeCell Trace => trace;

    /// <summary>The code has come to its end, heard or not.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The calls of tools that the code has made so far have come to their end.</summary>
    public Task CallsEnded
    {
        get
        {
            lock (sync)
            {
                return Task.WhenAll(calls);
            }
        }
    }

    public CancellationToken Cancelled => cancelling.Token;

    /// <summary>Runs the code in the background. It may yield before anybody has begun to wait, so the first answer is there from now on.</summary>
    public void Start(string source, CellTools tools, string workspace)
    {
        waiting = NewAnswer();
        Ended = Task.Run(() => RunAsync(source, new CellGlobals(this, tools, workspace)));
    }

    /// <summary>The code has called a tool.</summary>
    public Task<JsonNode?> Calls(Task<JsonNode?> call)
    {
        lock (sync)
        {
            calls.RemoveAll(earlier => earlier.IsCompleted);
            calls.Add(call);
        }

        return call;
    }

    public void Write(string text)
    {
        lock (sync)
        {
            output.Append(text);
            output.Append("\n");
        }
    }

    /// <summary>The answer to whoever waits, if anybody does.</summary>
    public void YieldNow()
    {
        lock (sync)
        {
            Yield(waiting);
        }
    }

    /// <summary>Waits until the cell answers, at most as long as given: then it yields.</summary>
    public async Task<CellAnswer> WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        TaskCompletionSource<CellAnswer> answer;
        lock (sync)
        {
            if (waiting is null && last is not null)
            {
                return TakeLast();
            }

            answer = waiting ??= NewAnswer();
        }

        try
        {
            return await answer.Task.WaitAsync(atMost, cancellation);
        }
        catch (TimeoutException)
        {
            lock (sync)
            {
                Yield(answer);
            }

            return await answer.Task;
        }
        finally
        {
            lock (sync)
            {
                waiting = null;
            }
        }
    }

    /// <summary>Ends the cell. Code that does not look at its token goes on, unheard.</summary>
    public CellAnswer Terminate()
    {
        lock (sync)
        {
            End(CellAnswer.Terminated, response => trace.Terminate(response));
            return TakeLast();
        }
    }

    private async Task RunAsync(string source, CellGlobals globals)
    {
        try
        {
            await CellScript.RunAsync(source, globals, Cancelled);
            lock (sync)
            {
                End(CellAnswer.Completed, response => trace.Complete(response));
            }
        }
        catch (Exception e)
        {
            // The code's error is the model's to see. After a termination nobody listens any more.
            lock (sync)
            {
                if (last is null)
                {
                    output.Append($"{e.GetType().Name}: {e.Message}\n");
                }

                End(CellAnswer.Failed, response => trace.Fail(e, response));
            }
        }
    }

    private static TaskCompletionSource<CellAnswer> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Yield(TaskCompletionSource<CellAnswer>? answer)
    {
        if (last is null && answer is { Task.IsCompleted: false })
        {
            var yielded = new CellAnswer(id, CellAnswer.Running, output.Take());
            trace.Yielded(yielded.Response);
            answer.SetResult(yielded);
        }
    }

    private void End(string state, Action<JsonPayload> record)
    {
        if (last is not null)
        {
            return;
        }

        last = new CellAnswer(id, state, output.Take());
        record(last.Response);
        _ = cancelling.CancelAsync();
        if (waiting is { Task.IsCompleted: false })
        {
            waiting.SetResult(TakeLast());
        }
    }

    /// <summary>The last answer; who asks again hears no output twice.</summary>
    private CellAnswer TakeLast()
    {
        var answer = last!;
        last = answer with { Output = string.Empty };
        return answer;
    }
}
