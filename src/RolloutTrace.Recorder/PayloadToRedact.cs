using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder;

/// <summary>What a redaction hook gets to see: a payload, or a text that stands in an event itself.</summary>
public readonly struct PayloadToRedact
{
    internal PayloadToRedact(PayloadKind? kind, string? member, string? threadId, string? turnId, ReadOnlyMemory<byte> content)
    {
        Kind = kind;
        Member = member;
        ThreadId = threadId;
        TurnId = turnId;
        Content = content;
    }

    /// <summary>What kind of payload it is; null for a text that stands in an event.</summary>
    public PayloadKind? Kind { get; }

    /// <summary>The event's type and member that hold the text, such as <c>code_cell_started.source_js</c>; null for a payload.</summary>
    public string? Member { get; }

    /// <summary>The agent's thread, if there is one.</summary>
    public string? ThreadId { get; }

    /// <summary>The turn, if there is one.</summary>
    public string? TurnId { get; }

    /// <summary>One valid JSON document in UTF-8; for a text, a JSON string. Not to be used after the hook has returned.</summary>
    public ReadOnlyMemory<byte> Content { get; }
}
