using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A call that the model asked for, until its result is known. Guarded by its conversation.</summary>
internal sealed class PendingCall(FunctionCallContent call, ModelRequest causedBy)
{
    public FunctionCallContent Call { get; } = call;

    /// <summary>The request whose response asked for it.</summary>
    public ModelRequest CausedBy { get; } = causedBy;

    /// <summary>The call as it is traced; null as long as nobody was seen to carry it out.</summary>
    public ToolCall? Handle { get; set; }

    /// <summary>Whether its span has stopped: it was carried out, and what it gave is not known yet.</summary>
    public bool HasRun { get; set; }

    /// <summary>The type of the exception that it ended by; null if there was none.</summary>
    public string? ErrorType { get; set; }
}
