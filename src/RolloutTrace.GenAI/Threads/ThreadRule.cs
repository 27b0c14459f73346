namespace RolloutTrace.GenAI.Threads;

/// <summary>How it is found out to which thread a turn belongs.</summary>
internal enum ThreadRule
{
    /// <summary>It is inside a handle's turn.</summary>
    Handle,

    /// <summary>It names its conversation.</summary>
    ConversationId,

    /// <summary>It names its session.</summary>
    SessionId,

    /// <summary>It names the response that it goes on from.</summary>
    ResponseId,

    /// <summary>It was started from another turn.</summary>
    Parent,

    /// <summary>Its first request begins with the conversation of an earlier thread of the same agent.</summary>
    History,

    /// <summary>Nothing tells, so it is a thread of its own.</summary>
    Own,
}
