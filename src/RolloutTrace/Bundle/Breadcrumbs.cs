namespace RolloutTrace.Bundle;

/// <summary>
/// The event types of the protocol events (<see cref="ProtocolEventObservedEvent"/>) that a recorder of this library writes itself. Any
/// other word is the program's own.
/// </summary>
public static class Breadcrumbs
{
    /// <summary>What a tool was called with, in a form that the start of a tool call has no room for.</summary>
    public const string ToolInvocation = "tool_invocation";

    /// <summary>A runtime began to carry out a tool call, in a form that the event of its own has no room for.</summary>
    public const string ToolCallRuntimeStarted = "tool_call_runtime_started";

    /// <summary>Such a runtime ended.</summary>
    public const string ToolCallRuntimeEnded = "tool_call_runtime_ended";

    /// <summary>A code cell whose ids another one has already was accepted.</summary>
    public const string CodeCellStarted = "code_cell_started";

    /// <summary>Such a cell answered, and works on.</summary>
    public const string CodeCellInitialResponse = "code_cell_initial_response";

    /// <summary>Such a cell ended.</summary>
    public const string CodeCellEnded = "code_cell_ended";

    /// <summary>An agent that was unloaded is loaded again: its thread goes on, with the metadata given now.</summary>
    public const string ThreadResumed = "thread_resumed";

    /// <summary>A span of another library went out of the process below a tool call: whoever it reached was called by that tool call.</summary>
    public const string Outgoing = "rollout.outgoing";

    /// <summary>In a joined bundle: a tool call of one process brought about a turn in another that was there already.</summary>
    public const string Called = "rollout.called";

    /// <summary>In a joined bundle: an event of a part that has no place in the whole, such as a second start of a thread. The payload has it.</summary>
    public const string Joined = "rollout.joined";

    /// <summary>In a joined bundle: a line of a part's log of which no event could be made. The payload has what could be read of it.</summary>
    public const string UnreadableLine = "rollout.unreadable_line";
}
