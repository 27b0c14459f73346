using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace.GenAI;

/// <summary>
/// A span that another library made, in any language: as it ran in this process, or as it stands in a file. What it means for a
/// rollout is told by its attributes, whatever its source is. Immutable as far as its lists are not changed.
/// </summary>
/// <remarks>
/// Whoever reads spans from somewhere fills in what is there and leaves out what is not; nothing needs to be sorted, deduplicated or
/// understood before.
/// </remarks>
public sealed record ForeignSpan
{
    /// <summary>Its trace, 32 lower-case hexadecimal digits. Other text is taken as it is: it only has to be the same for spans of one trace.</summary>
    public required string TraceId { get; init; }

    /// <summary>Its id, 16 lower-case hexadecimal digits, unique in the trace.</summary>
    public required string SpanId { get; init; }

    /// <summary>The id of its parent in the same trace; null or empty for none.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>Who called from another process, where the span is below one that has its parent there; null if nobody did, or nobody knows.</summary>
    public CallerReference? Caller { get; init; }

    /// <summary>Its name, for people.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>What made it: the ActivitySource or instrumentation scope; empty where it is not known.</summary>
    public string SourceName { get; init; } = string.Empty;

    /// <summary>The version of what made it; null where it is not known.</summary>
    public string? SourceVersion { get; init; }

    /// <summary>Attributes of the resource that emitted it, such as <c>service.name</c>.</summary>
    public IReadOnlyList<SpanTag> Resource { get; init; } = [];

    /// <summary>Its kind: <see cref="ActivityKind.Internal"/> where it is not told.</summary>
    public ActivityKind Kind { get; init; }

    /// <summary>When it started, in UTC, as exactly as it is known.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ended; null if it never did, as far as is known: what it stands for is running then.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Its status.</summary>
    public ActivityStatusCode Status { get; init; }

    /// <summary>The words beside the status; null if there are none.</summary>
    public string? StatusDescription { get; init; }

    /// <summary>Its attributes in the order in which they were set. A name may stand there twice: the last one counts.</summary>
    public IReadOnlyList<SpanTag> Attributes { get; init; } = [];

    /// <summary>Its events, in order.</summary>
    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>Its links, in order.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = [];
}
