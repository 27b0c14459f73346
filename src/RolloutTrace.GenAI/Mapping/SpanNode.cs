using RolloutTrace.GenAI.Files;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>A span that matters, in its place below others that do, and what has been recorded of it.</summary>
internal sealed class SpanNode
{
    private const int MaxAttempts = 64;

    private readonly KeptSpan? kept;
    private SpanReading? reading;
    private bool isReleased;

    // Few have any, and files have millions of spans.
    private List<HttpAttempt>? http;
    private List<SpanNode>? held;

    public SpanNode(SpanReading reading, SpanNode? parent)
        : this(parent)
    {
        this.reading = reading;
        Links = reading.Span.Links;
    }

    public SpanNode(KeptSpan kept, SpanNode? parent)
        : this(parent)
    {
        this.kept = kept;
        Links = kept.Links;
    }

    private SpanNode(SpanNode? parent)
    {
        Parent = parent;
        Depth = parent is null ? 0 : parent.Depth + 1;
        Links = [];
    }

    /// <summary>What the span says by now. Of one that was put aside it is fetched when it is asked for, and kept until the span is released.</summary>
    public SpanReading Reading
    {
        get => reading ?? (isReleased ? kept!.Read() : (reading = kept!.Read()));
        set => reading = value;
    }

    /// <summary>What the span says, which is not kept.</summary>
    public SpanReading Peek() => reading ?? kept!.Read();

    /// <summary>The nearest span above that matters; null if there is none.</summary>
    public SpanNode? Parent { get; }

    public SpanRole Role => IsWorkflow ? SpanRole.Workflow : kept?.Role ?? reading!.Role;

    /// <summary>Whether it is around the work of several agents, whatever it says of itself.</summary>
    public bool IsWorkflow { get; set; }

    /// <summary>How many spans that matter are above it.</summary>
    public int Depth { get; }

    public SpanKey Key => kept?.Key ?? new SpanKey(reading!.Span.TraceId, reading.Span.SpanId);

    public DateTimeOffset Start => kept?.Start ?? reading!.Span.Start;

    /// <summary>When it ended; null if it never did.</summary>
    public DateTimeOffset? End => kept is null ? reading!.Span.End : kept.End;

    /// <summary>Spans outside its trace that it links to, and those of the spans between it and its parent.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; }

    /// <summary>The turn that the span is; null if it is inside one.</summary>
    public TurnState? Turn { get; set; }

    /// <summary>The turn that it is in, or is.</summary>
    public TurnState? In { get; set; }

    /// <summary>Whether it is the span of a handle, which records it itself.</summary>
    public bool IsHandle { get; init; }

    /// <summary>The call that this span says once more how it is carried out; null if it is none of that.</summary>
    public SpanNode? Carries { get; set; }

    /// <summary>Whether something else has recorded the same work already.</summary>
    public bool IsRecorded { get; set; }

    public bool HasBegun { get; set; }

    public bool HasStarted { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Of a call: whether it waits in its turn until it is known whose turn that is.</summary>
    public bool IsPutAside { get; set; }

    /// <summary>Of a request: how often it has been tried before.</summary>
    public int Attempt { get; set; }

    /// <summary>Of a request: the HTTP requests below it that have ended.</summary>
    public List<HttpAttempt> Http => http ??= [];

    /// <summary>Of a request: the model's whole input; of an incremental one, with what came before.</summary>
    public IReadOnlyList<ModelItem> History { get; set; } = [];

    /// <summary>Of a request: the response that it goes on from; null if it shows everything.</summary>
    public string? Previous { get; set; }

    /// <summary>Of a request: whether there are requests below it, so that it is known at its end which of them is the one.</summary>
    public bool HasInner { get; set; }

    /// <summary>Of a request inside another one: whether it is none of that one's, since a call has sent it.</summary>
    public bool IsOfCall { get; set; }

    /// <summary>Of a request: whether requests below it are what really goes to the model.</summary>
    public bool IsAround { get; set; }

    /// <summary>Of a request: whether its answer has been recorded before its end, since what it asked for is carried out inside it.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Of a request: the thread whose history it is to sum up; null if it is none such, or that has not been asked yet.</summary>
    public KnownThread? SumsUp { get; set; }

    /// <summary>Of a request: those below it that have said nothing yet that it does not say itself.</summary>
    public List<SpanNode> Held => held ??= [];

    /// <summary>Of a tool call, a request or a compaction: its id in the rollout.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>Of a tool call: the id by which the model knows it, its own or one that was found.</summary>
    public string? CallId { get; set; }

    /// <summary>Of a tool call: the call to an MCP server that has carried it out, where that has a span of its own.</summary>
    public McpSpan? McpCall { get; set; }

    /// <summary>Of a tool call: the request whose response asked for it; null if that is not known.</summary>
    public SpanKey? AskedBy { get; set; }

    /// <summary>It has ended, and will hardly be asked for what it says: of one that was put aside that is not kept.</summary>
    public void Release()
    {
        if (kept is { IsAside: true })
        {
            reading = null;
            isReleased = true;
        }
    }

    public void AddHttp(HttpAttempt attempt)
    {
        if (Http.Count < MaxAttempts)
        {
            Http.Add(attempt);
        }
    }
}
