using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>
/// Who called a rollout, or one of its turns, from another process: an extension of the format, in a manifest, in the metadata of a root
/// session and in the start of a turn. A member that is not known is left out.
/// </summary>
[JsonConverter(typeof(CallerReferenceConverter))]
public sealed record CallerReference
{
    /// <summary>The caller's rollout; null if it is not known.</summary>
    public string? RolloutId { get; init; }

    /// <summary>The thread of that rollout which called; null if it is not known.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The tool call that called; null if it was none, or it is not known.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The caller's span: the tool's, its runtime's, or that of a client between; null if it is not known.</summary>
    public SpanReference? Otel { get; init; }

    /// <summary>Whether nothing is known.</summary>
    [JsonIgnore]
    public bool IsEmpty => this is { RolloutId: null, ThreadId: null, ToolCallId: null, Otel: null };
}
