using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;
using RolloutTrace.Extensions.AI.Requests;

namespace RolloutTrace.Agents.AI;

/// <summary>Passes everything on as it is, and has it recorded.</summary>
internal sealed class RolloutTracingAgent(AIAgent inner) : DelegatingAIAgent(inner)
{
    private readonly bool isTracedInside = inner.GetService<RolloutTracingAgent>() is not null;
    private readonly bool expectsSpan = inner.GetService<OpenTelemetryAgent>() is not null;

    protected override async Task<AgentResponse> RunCoreAsync(
        IEnumerable<ChatMessage> messages, Microsoft.Agents.AI.AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Start(ref messages, session) is not { } run)
        {
            return await InnerAgent.RunAsync(messages, session, options, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var running = InnerAgent.RunAsync(messages, session, WithTracing(options), cancellationToken);
            run.Sent();
            var response = await running.ConfigureAwait(false);
            run.Ended();
            return response;
        }
        catch (Exception e)
        {
            run.Failed(e, cancellationToken);
            throw;
        }
    }

    protected override async IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
        IEnumerable<ChatMessage> messages,
        Microsoft.Agents.AI.AgentSession? session = null,
        AgentRunOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var run = Start(ref messages, session);
        IAsyncEnumerator<AgentResponseUpdate>? updates = null;
        try
        {
            while (true)
            {
                AgentResponseUpdate update;
                try
                {
                    // What is current is forgotten at each update that is given out.
                    run?.Resume();
                    updates ??= InnerAgent.RunStreamingAsync(messages, session, run is null ? options : WithTracing(options), cancellationToken)
                        .GetAsyncEnumerator(cancellationToken);
                    var arriving = updates.MoveNextAsync();
                    run?.Sent();
                    if (!await arriving.ConfigureAwait(false))
                    {
                        break;
                    }

                    update = updates.Current;
                }
                catch (Exception e)
                {
                    run?.Failed(e, cancellationToken);
                    throw;
                }

                yield return update;
            }
        }
        finally
        {
            // A stream that is left leaves the requests in it first: they say how it ended.
            if (updates is not null)
            {
                await updates.DisposeAsync().ConfigureAwait(false);
            }

            run?.Ended();
        }
    }

    private TracedRun? Start(ref IEnumerable<ChatMessage> messages, Microsoft.Agents.AI.AgentSession? session)
    {
        if (isTracedInside || !TracedRun.IsOn)
        {
            return null;
        }

        ChatMessage[] given = [.. messages];
        if (messages is not IReadOnlyCollection<ChatMessage> and not ICollection<ChatMessage>)
        {
            messages = given;
        }

        var agent = new AgentFacts
        {
            Id = Name is null ? Id : null,
            Name = Name,
            ProviderName = InnerAgent.GetService<AIAgentMetadata>()?.ProviderName,
            Model = InnerAgent.GetService<IChatClient>()?.GetService<ChatClientMetadata>()?.DefaultModelId,
            ReplayedFrom = InnerAgent.GetService<IChatClient>()?.GetService<ReplayOrigin>(),
        };
        return TracedRun.TryStart(agent, session is null ? null : SessionThread.Of(session), given, expectsSpan);
    }

    // An agent on a chat client that nobody traces gets a client that does, for the run.
    private AgentRunOptions? WithTracing(AgentRunOptions? options) =>
        InnerAgent.GetService<IChatClient>() is { } client && client.GetService<Extensions.AI.RolloutTracingChatClient>() is null
            ? TracedOptions.Of(options)
            : options;
}
