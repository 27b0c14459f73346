using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;

namespace ChatApp;

/// <summary>The conversations of visitors, each of which goes on over many web requests.</summary>
internal sealed class Conversations(AIAgent agent)
{
    private readonly ConcurrentDictionary<string, Task<AgentSession>> sessions = new(StringComparer.Ordinal);

    /// <summary>What the agent says to a message, as it comes.</summary>
    public async IAsyncEnumerable<string> AnswerAsync(string conversation, string message, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var session = await sessions.GetOrAdd(conversation, _ => agent.CreateSessionAsync(CancellationToken.None).AsTask());
        await foreach (var update in agent.RunStreamingAsync(message, session, cancellationToken: cancellation))
        {
            yield return update.Text;
        }
    }
}
