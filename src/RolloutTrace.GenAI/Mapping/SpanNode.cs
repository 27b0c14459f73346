using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>A span that matters, in its place below others that do, and what has been recorded of it.</summary>
internal sealed class SpanNode(SpanReading reading, SpanNode? parent)
{
    private const int MaxAttempts = 64;

    /// <summary>What the span says by now.</summary>
    public SpanReading Reading { get; set; } = reading;

    /// <summary>The nearest span above that matters; null if there is none.</summary>
    public SpanNode? Parent { get; } = parent;

    public SpanRole Role => Reading.Role;

    /// <summary>How many spans that matter are above it.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    public SpanKey Key => new(Reading.Span.TraceId, Reading.Span.SpanId);

    /// <summary>Spans outside its trace that it links to, and those of the spans between it and its parent.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = reading.Span.Links;

    /// <summary>The turn that the span is; null if it is inside one.</summary>
    public TurnState? Turn { get; set; }

    /// <summary>The turn that it is in, or is.</summary>
    public TurnState? In { get; set; }

    /// <summary>Whether it is the span of a handle, which records it itself.</summary>
    public bool IsHandle { get; init; }

    /// <summary>Whether something else has recorded the same work already.</summary>
    public bool IsRecorded { get; set; }

    public bool HasBegun { get; set; }

    public bool HasStarted { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Of a request: how often it has been tried before.</summary>
    public int Attempt { get; set; }

    /// <summary>Of a request: the HTTP requests below it that have ended.</summary>
    public List<HttpAttempt> Http { get; } = [];

    /// <summary>Of a request: the model's whole input; of an incremental one, with what came before.</summary>
    public IReadOnlyList<ModelItem> History { get; set; } = [];

    /// <summary>Of a request: the response that it goes on from; null if it shows everything.</summary>
    public string? Previous { get; set; }

    /// <summary>Of a request: whether there are requests below it, so that it is known at its end which of them is the one.</summary>
    public bool HasInner { get; set; }

    /// <summary>Of a request: whether requests below it are what really goes to the model.</summary>
    public bool IsAround { get; set; }

    /// <summary>Of a request: those below it that have said nothing yet that it does not say itself.</summary>
    public List<SpanNode> Held { get; } = [];

    /// <summary>Of a tool call, a request or a compaction: its id in the rollout.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>Of a tool call: the id by which the model knows it, its own or one that was found.</summary>
    public string? CallId { get; set; }

    /// <summary>Of a tool call: the call to an MCP server that has carried it out, where that has a span of its own.</summary>
    public McpSpan? McpCall { get; set; }

    /// <summary>Of a tool call: the request whose response asked for it; null if that is not known.</summary>
    public SpanKey? AskedBy { get; set; }

    public void AddHttp(HttpAttempt attempt)
    {
        if (Http.Count < MaxAttempts)
        {
            Http.Add(attempt);
        }
    }
}
