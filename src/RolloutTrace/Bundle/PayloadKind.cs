namespace RolloutTrace.Bundle;

/// <summary>What kind of document a payload file holds. In JSON: <c>{"type":"inference_request"}</c>.</summary>
public enum PayloadKind
{
    /// <summary>A model request as sent.</summary>
    InferenceRequest,

    /// <summary>What a model request gave: its completed output items.</summary>
    InferenceResponse,

    /// <summary>A request of a compaction as sent.</summary>
    CompactionRequest,

    /// <summary>What a request of a compaction gave.</summary>
    CompactionResponse,

    /// <summary>The history before and after a compaction.</summary>
    CompactionCheckpoint,

    /// <summary>What a tool's caller asked for.</summary>
    ToolInvocation,

    /// <summary>What a tool's caller, or a code cell's, got.</summary>
    ToolResult,

    /// <summary>How the runtime began or ended a tool's work.</summary>
    ToolRuntimeEvent,

    /// <summary>An observation of a terminal.</summary>
    TerminalRuntimeEvent,

    /// <summary>A breadcrumb from the protocol between agent and client.</summary>
    ProtocolEvent,

    /// <summary>Metadata of an agent's thread.</summary>
    SessionMetadata,

    /// <summary>A child agent's result as its parent gets it.</summary>
    AgentResult,

    /// <summary>A kind that this version does not know; <see cref="PayloadReference.KindName"/> has its name.</summary>
    Unknown,
}
