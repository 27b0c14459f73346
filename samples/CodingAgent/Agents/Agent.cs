using CodingAgent.CodeMode;
using CodingAgent.Model;
using CodingAgent.Narration;
using CodingAgent.Tools;
using CodingAgent.Tools.Commands;
using OpenAI.Responses;
using RolloutTrace;
using RolloutTrace.Bundle;

namespace CodingAgent.Agents;

/// <summary>One agent: its session, its history, its tools, and the loop that asks the model and does what it asks for.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly AgentTeam team;
    private readonly ToolBox tools;
    private readonly AgentVoice voice;
    private readonly History history = new();
    private bool wantsResults;

    /// <param name="team">The team that the agent belongs to.</param>
    /// <param name="path">The agent's path.</param>
    /// <param name="session">Its session.</param>
    /// <param name="number">Tells its terminals from those of other agents, from 1.</param>
    public Agent(AgentTeam team, string path, AgentSession session, int number)
    {
        this.team = team;
        Path = path;
        Session = session;
        voice = team.Narrator.For(path);
        Terminals = new TerminalTable(number);
        Cells = new CodeCells(this, team.Settings.Workspace);
        tools = new ToolBox(this, team, voice);
    }

    public string Path { get; }

    public AgentSession Session { get; }

    public Mailbox Mailbox { get; } = new();

    public TerminalTable Terminals { get; }

    public CodeCells Cells { get; }

    public ToolBox Tools => tools;

    /// <summary>The agent wants to see the results that have come, with its next request.</summary>
    public void ReadResults() => wantsResults = true;

    /// <summary>One turn: it ends when the model asks for no tool, when something fails for good, or when it is cancelled.</summary>
    /// <param name="task">What the user says; null when only mail has come.</param>
    /// <param name="cancellation">Cancels the turn; the agent can go on with another one.</param>
    /// <param name="caller">Who calls from another process; null where nobody does, or it is known without.</param>
    public async Task<TurnResult> RunTurnAsync(string? task, CancellationToken cancellation, RolloutCaller? caller = null)
    {
        using var turn = Session.StartTurn(new() { Caller = caller });
        try
        {
            history.ForgetResponses();
            ReadResults();
            if (task is not null)
            {
                voice.Task(task);
                history.Add(ResponseItem.CreateUserMessageItem(task));
            }

            var text = await WorkAsync(turn, cancellation);
            turn.Complete();
            return new TurnResult(turn, ExecutionStatus.Completed, text);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            history.AnswerOpenCalls(Prompts.AbortedCall);
            history.Add(ResponseItem.CreateUserMessageItem(Prompts.Interrupted));
            turn.ProtocolEventObserved("turn_aborted", JsonPayload.OfJson("""{"type":"turn_aborted","reason":"interrupted"}"""));
            turn.Cancel();
            voice.Interrupted();
            return new TurnResult(turn, ExecutionStatus.Cancelled, "interrupted");
        }
        catch (Exception e)
        {
            // The turn is what fails, not the session: the user may try again.
            history.AnswerOpenCalls("failed");
            turn.Fail(e);
            voice.Failed(e);
            return new TurnResult(turn, ExecutionStatus.Failed, e.Message);
        }
    }

    /// <summary>Ends what still runs. The session is its owner's to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await Cells.DisposeAsync();
        await Terminals.DisposeAsync();
    }

    private async Task<string> WorkAsync(Turn turn, CancellationToken cancellation)
    {
        while (true)
        {
            ReadMail();
            if (history.Tokens > team.Settings.CompactionLimit)
            {
                await CompactAsync(turn, cancellation);
            }

            var response = await AskAsync(turn, cancellation);
            var calls = response.Items.Select(ToolCallItem.Of).OfType<ToolCallItem>().ToList();
            foreach (var call in calls)
            {
                history.Add(await tools.RunAsync(turn, response.Attempt as ModelRequest, call, cancellation));
                cancellation.ThrowIfCancellationRequested();
            }

            if (calls.Count == 0 && !Mailbox.HasMessages)
            {
                return response.Text;
            }
        }
    }

    private async Task<ModelResponse> AskAsync(Turn turn, CancellationToken cancellation)
    {
        var arrived = new AnswerSoFar(voice);
        try
        {
            var question = new ModelQuestion(
                whole => NewRequest(whole),
                (request, json) => turn.StartModelRequest(request.Model, json, new() { PreviousResponseId = request.PreviousResponseId }));
            var response = await team.Model.AskAsync(question, arrived, cancellation);
            history.Add(response);
            return response;
        }
        catch (OperationCanceledException)
        {
            // What the model said before it was interrupted it has said.
            arrived.AddTo(history);
            throw;
        }
    }

    private CreateResponseOptions NewRequest(bool whole)
    {
        var request = team.NewRequest(Path);
        history.WriteTo(request, whole);
        foreach (var tool in tools.Definitions)
        {
            request.Tools.Add(tool);
        }

        return request;
    }

    private void ReadMail()
    {
        foreach (var message in Mailbox.TakeMessages())
        {
            history.Add(AgentMessageItem.Create(team.Settings.Endpoint, message.Author, Path, message.Text));
            voice.Message(message.Author, message.Text);
        }

        if (wantsResults)
        {
            wantsResults = false;
            foreach (var result in Mailbox.TakeResults())
            {
                Session.ResultReceived(result.Turn, result.Text, result.Status);
                history.Add(AgentMessageItem.Create(team.Settings.Endpoint, result.Author, Path, result.Text));
                voice.Message(result.Author, result.Text);
            }
        }
    }

    private async Task CompactAsync(Turn turn, CancellationToken cancellation)
    {
        using var compaction = turn.StartCompaction();
        try
        {
            var replacement = await Compactor.SummariseAsync(team, Path, history.Items, compaction, voice, cancellation);
            compaction.Install(Wire.Json(history.Items), Wire.Json(replacement));
            voice.Compacted(history.Items.Count, replacement.Count);
            history.Replace(replacement);
        }
        catch (OperationCanceledException)
        {
            compaction.Cancel();
            throw;
        }
        catch (Exception e)
        {
            compaction.Fail(e);
            throw;
        }
    }
}
