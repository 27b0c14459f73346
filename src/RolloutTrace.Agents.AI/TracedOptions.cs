using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Agents.AI;

/// <summary>The options of a run, with a chat client that is traced.</summary>
internal static class TracedOptions
{
    public static AgentRunOptions? Of(AgentRunOptions? options)
    {
        if (Copy(options) is not { } traced)
        {
            return options;
        }

        var before = traced.ChatClientFactory;
        traced.ChatClientFactory = client => (before?.Invoke(client) ?? client).AsBuilder().UseRolloutTracing().Build();
        return traced;
    }

    // Options of a kind of their own mean something to somebody: there is no copy of those.
    private static ChatClientAgentRunOptions? Copy(AgentRunOptions? options)
    {
        if (options is null)
        {
            return new ChatClientAgentRunOptions();
        }

        return options is ChatClientAgentRunOptions given ? (ChatClientAgentRunOptions)given.Clone()
            : options.GetType() == typeof(AgentRunOptions) ? new ChatClientAgentRunOptions
            {
                AllowBackgroundResponses = options.AllowBackgroundResponses,
                AdditionalProperties = options.AdditionalProperties,
                ContinuationToken = options.ContinuationToken,
                ResponseFormat = options.ResponseFormat,
            }
            : null;
    }
}
