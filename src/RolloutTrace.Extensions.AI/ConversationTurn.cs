using RolloutTrace.Extensions.AI.Conversations;
using RolloutTrace.Extensions.AI.Diagnostics;
using RolloutTrace.Extensions.AI.Requests;

namespace RolloutTrace.Extensions.AI;

/// <summary>
/// A turn that the program tells itself: whatever chat clients are asked until it is disposed of belongs to it, also what they are
/// asked later in an asynchronous stream that began in it. It ends as its last request did.
/// </summary>
/// <remarks>No call throws. Where nobody records it does nothing.</remarks>
public sealed class ConversationTurn : IDisposable
{
    private readonly TracedTurn? turn;

    private ConversationTurn(TracedTurn? turn) => this.turn = turn;

    /// <summary>The turn's handle, for what the middleware does not see, such as compactions; one that does nothing where nobody records.</summary>
    public Turn Turn => turn?.Turn ?? AgentSession.Disabled.StartTurn();

    /// <summary>Begins a turn of a conversation, and makes it current.</summary>
    /// <param name="conversationId">
    /// The program's name for the conversation: turns with the same id are turns of one thread. Null for a conversation of its own.
    /// </param>
    /// <param name="agentName">Name of the agent; part of what names the conversation. By default <c>agent</c>.</param>
    public static ConversationTurn Begin(string? conversationId = null, string? agentName = null) =>
        new(Contain.Run(nameof(ConversationTurn), (conversationId, agentName), static s => Start(s.conversationId, s.agentName)));

    /// <summary>Ends the turn.</summary>
    public void Dispose()
    {
        if (turn is not null)
        {
            Contain.Run(nameof(Dispose), turn, static turn => turn.End());
        }
    }

    private static TracedTurn? Start(string? conversationId, string? agentName)
    {
        if (!RolloutActivitySource.Source.HasListeners())
        {
            return null;
        }

        ToolClaims.Listen();
        var agent = new AgentFacts { Name = agentName ?? "agent" };
        var found = ConversationTable.Shared.Find(agent.Key, conversationId, []);
        return TurnFinder.Start(conversationId is null ? found : found with { Rule = "ambient" }, agent, span: null, isRun: false);
    }
}
