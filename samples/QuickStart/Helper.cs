using RolloutTrace;

namespace QuickStart;

/// <summary>A child agent: it hears messages and works on them, a turn each time.</summary>
internal sealed class Helper(AgentSession session, Narrator narrator) : IDisposable
{
    private readonly Conversation conversation = new(session, narrator);

    public AgentSession Session => session;

    /// <summary>A message arrives, which the model will see in its next request.</summary>
    public void Hear(AgentSession sender, string message) => conversation.Add(Item.AgentMessage(sender, session, message));

    /// <summary>One turn, whose result goes to another agent.</summary>
    public void Work(string result, Conversation resultFor)
    {
        using var turn = session.StartTurn();
        conversation.Ask(turn, Item.Assistant(result));
        turn.Complete();
        resultFor.Session.ResultReceived(turn, result);
        resultFor.Add(Item.AgentMessage(session, resultFor.Session, result));
    }

    public void Dispose() => session.Dispose();
}
