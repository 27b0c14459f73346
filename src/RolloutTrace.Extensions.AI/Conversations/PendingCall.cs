using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Requests;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A call that the model asked for, until its result is known. Guarded by its conversation.</summary>
internal sealed class PendingCall
{
    // Agent Framework's name for the functions by which an agent hands a conversation to another; the workflow carries them out.
    private const string HandOff = "handoff_to_";

    private static readonly ConditionalWeakTable<FunctionCallContent, ModelRequest> Askers = [];

    public PendingCall(FunctionCallContent call, ModelRequest? causedBy)
    {
        Call = call;
        CausedBy = causedBy;
        if (causedBy is not null)
        {
            Askers.AddOrUpdate(call, causedBy);
        }
    }

    public FunctionCallContent Call { get; }

    /// <summary>The request whose response asked for it; null if nobody was seen to ask.</summary>
    public ModelRequest? CausedBy { get; }

    /// <summary>Whether it hands the work to another agent.</summary>
    public bool IsHandOff => Call.Name.StartsWith(HandOff, StringComparison.Ordinal);

    /// <summary>The call as it is traced; null as long as nobody was seen to carry it out.</summary>
    public ToolCall? Handle { get; set; }

    /// <summary>Whether the response that asked for it is not known yet: it was seen to be carried out.</summary>
    public bool IsEarly { get; set; }

    /// <summary>Whether its span has stopped: it was carried out, and what it gave is not known yet.</summary>
    public bool HasRun { get; set; }

    /// <summary>The type of the exception that it ended by; null if there was none.</summary>
    public string? ErrorType { get; set; }

    /// <summary>What its span says of that; null if nothing.</summary>
    public string? ErrorWords { get; set; }

    /// <summary>The conversation whose model asked for the call, told in the same way.</summary>
    public static Conversation? ConversationThatAsked(FunctionCallContent call) =>
        Askers.TryGetValue(call, out var request) && request.OwnTurn is { } turn ? TracedTurn.Of(turn).Conversation : null;

    /// <summary>The turn in which a model asked for the call, if it still runs. It is told by the object, which goes from the response to whoever carries it out.</summary>
    public static Turn? TurnThatAsked(FunctionCallContent call) =>
        Askers.TryGetValue(call, out var request) && request.OwnTurn is { } turn && TracedTurn.Of(turn).IsRunning ? turn : null;
}
