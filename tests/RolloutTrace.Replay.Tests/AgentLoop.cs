using System.ComponentModel;
using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;
using RolloutTrace.Extensions.AI;

namespace RolloutTrace.Replay.Tests;

/// <summary>An agent: it asks its model, runs what that calls, asks again where that failed, and goes on to the next turn.</summary>
/// <param name="Model">The model.</param>
/// <param name="Clock">What its tools say that the time is.</param>
internal sealed record AgentLoop(IChatClient Model, string Clock)
{
    /// <summary>What its tools do beside what they were asked; a tool that runs makes it longer.</summary>
    public List<string> Done { get; } = [];

    public string Instructions { get; init; } = "You mend pumps.";

    public Func<IEnumerable<AITool>, IList<AITool>> Tools { get; init; } = static tools => [.. tools];

    /// <summary>Goes through the turns, recorded in a session of its own.</summary>
    public async Task RunAsync(IEnumerable<ScriptTurn> turns, ReplayOrigin? replayedFrom = null)
    {
        using var client = Model.AsBuilder().UseFunctionInvocation(configure: static loop => loop.IncludeDetailedErrors = true).UseRolloutTracing().Build();
        using var session = RolloutTracing.StartSession(new() { Model = "scripted-1", ProviderName = "scripted", ReplayedFrom = replayedFrom });
        var history = new List<ChatMessage>();
        foreach (var said in turns)
        {
            using var turn = session.StartTurn();
            history.Add(new ChatMessage(ChatRole.User, said.User));
            await AnswerAsync(client, history, said.Streams);
            turn.Complete();
        }

        session.Complete();
    }

    private async Task AnswerAsync(IChatClient client, List<ChatMessage> history, bool streams)
    {
        var options = new ChatOptions { Instructions = Instructions, Temperature = 0.5f, Tools = Tools([AIFunctionFactory.Create(Look), AIFunctionFactory.Create(Count), AIFunctionFactory.Create(Break)]) };
        while (true)
        {
            try
            {
                if (streams)
                {
                    await StreamAsync(client, history, options);
                }
                else
                {
                    history.AddRange((await client.GetResponseAsync(history, options)).Messages);
                }

                return;
            }
            catch (HttpRequestException)
            {
                // It asks again, with what was there before.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task StreamAsync(IChatClient client, List<ChatMessage> history, ChatOptions options)
    {
        using var cancel = new CancellationTokenSource();
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(history, options, cancel.Token))
        {
            updates.Add(update);
            if (update.Text.Contains(ScriptStep.Leave, StringComparison.Ordinal))
            {
                return;
            }

            if (update.Text.Contains(ScriptStep.Cancel, StringComparison.Ordinal))
            {
                await cancel.CancelAsync();
            }
        }

        history.AddMessages(updates);
    }

    [Description("Looks at something.")]
    private string Look(string what)
    {
        Done.Add(what);
        return $"{what} at {Clock}: \"dry\"";
    }

    [Description("Counts.")]
    private int Count(string what)
    {
        Done.Add(what);
        return what.Length;
    }

    [Description("Breaks.")]
    private string Break(string what)
    {
        Done.Add(what);
        throw new InvalidOperationException($"{what} is broken");
    }
}
