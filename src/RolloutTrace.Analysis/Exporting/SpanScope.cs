using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>What all spans of a rollout have in common: ids, common attributes, times and ends.</summary>
internal sealed class SpanScope
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    // The most links on a span that back ends take; live spans have no more.
    private const int MaxLinks = 128;

    private static readonly string Failed = WireName.Of(ExecutionStatus.Failed);

    private readonly RolloutLiveness liveness;
    private readonly long lastEventUnixMs;
    private readonly Dictionary<string, ThreadFact> threads = new(StringComparer.Ordinal);
    private readonly string traceId;

    public SpanScope(OpenRollout rollout, BundleReader bundle, RolloutSpanOptions options)
    {
        liveness = rollout.Liveness;
        Index = rollout.Index;
        Facts = rollout.Facts;
        lastEventUnixMs = Facts.LastEventAtUnixMs ?? bundle.Manifest.StartedAtUnixMs;
        Payloads = new PayloadLookup(bundle);
        Content = options.WithContent ? new SpanContent(Payloads, options.ContentLimit) : null;
        ContentBaseUri = options.ContentBaseUri;
        Runtimes = new RuntimeFacts(Graph, Facts, Payloads);
        LooseCells = new LooseCells(Graph, Facts, Payloads);
        CompactionResponses = rollout.CompactionResponses;
        Tokens = rollout.Tokens;
        Words = new SpanWords(Facts, rollout.Failures, Payloads);
        BundleName = bundle.Name;
        foreach (var (threadId, metadata) in Facts.ThreadMetadata)
        {
            if (Payloads.Document(metadata, ThreadFact.Of) is { } fact)
            {
                threads.Add(threadId, fact);
            }
        }

        // What the recording names tells the trace of what it does not name.
        var known = Graph.Threads.Values.Select(static thread => thread.Otel).OfType<SpanReference>().FirstOrDefault()
            ?? Graph.InferenceCalls.Values.Select(static call => call.Otel).OfType<SpanReference>().FirstOrDefault();
        traceId = known?.TraceId ?? Derive("trace", "", TraceIdBytes);
    }

    public RolloutIndex Index { get; }

    public RolloutGraph Graph => Index.Graph;

    public RolloutFacts Facts { get; }

    public RuntimeFacts Runtimes { get; }

    public LooseCells LooseCells { get; }

    public PayloadLookup Payloads { get; }

    /// <summary>Null unless spans are to hold message content.</summary>
    public SpanContent? Content { get; }

    /// <summary>Where payloads can be had; null for nowhere.</summary>
    public Uri? ContentBaseUri { get; }

    /// <summary>What users said and what was answered; empty until the spans of requests are made.</summary>
    public TurnConversations Conversations { get; } = new();

    public CompactionResponses CompactionResponses { get; }

    public TokenTotals Tokens { get; }

    public SpanWords Words { get; }

    /// <summary>When the last event was recorded.</summary>
    public long LastEventUnixMs => lastEventUnixMs;

    public string BundleName { get; }

    public SpanReference Session(AgentThread thread) => thread.Otel ?? Derived("session", thread.ThreadId);

    public SpanReference Turn(CodexTurn turn) => turn.Otel ?? Derived("turn", turn.CodexTurnId);

    public SpanReference Turn(string turnId) => Turn(Graph.CodexTurns[turnId]);

    public SpanReference Request(InferenceCall call) => call.Otel ?? Derived("request", call.InferenceCallId);

    public SpanReference Tool(RecordedToolCall tool) => tool.Otel ?? Derived("tool", tool.ToolCallId);

    public SpanReference Cell(RecordedCodeCell cell) => cell.Otel ?? Derived("cell", cell.CodeCellId);

    /// <summary>A compaction; of one that was not installed only its requests may know it.</summary>
    public SpanReference Compaction(string id, RecordedCompaction? installed, RecordedCompactionRequest? request = null) =>
        installed?.Otel ?? ParentOf(request?.Otel) ?? Derived("compaction", id);

    public SpanReference CompactionRequest(RecordedCompactionRequest request) => request.Otel ?? Derived("compaction_request", request.CompactionRequestId);

    public SpanReference Runtime(RecordedToolCall tool, int number, RuntimeFact fact) => fact.Span ?? Derived("runtime", $"{tool.ToolCallId}#{number}");

    /// <summary>What a session's metadata say; null if it has none that can be read.</summary>
    public ThreadFact? MetadataOf(string threadId) => threads.GetValueOrDefault(threadId);

    /// <summary>The parent that the log names for a span; null if it names none.</summary>
    public SpanReference? ParentOf(SpanReference? reference) =>
        reference is not null && Facts.Spans.GetValueOrDefault(reference.SpanId)?.ParentSpanId is { } parent ? reference with { SpanId = parent } : null;

    /// <summary>An attribute that the events of a span carry for it; null unless they carry it as text.</summary>
    public string? CarriedText(SpanReference reference, string name) =>
        Facts.Spans.GetValueOrDefault(reference.SpanId)?.Attributes is { } carried && carried.TryGetValue(name, out var value)
            ? JsonText.OrNull(value)
            : null;

    /// <summary>The link of a kind that the events of a span carry for it: what was said counts for more than what can be concluded. Null if they carry none.</summary>
    public RolloutSpanLink? KnownLink(SpanReference reference, RolloutSpanLinkKind kind) =>
        CarriedText(reference, RolloutAttributes.Link.Prefix + KindName.Of(kind)) is { } text && ReferenceIn(text) is { } target
            ? new RolloutSpanLink { Kind = kind, Target = target }
            : null;

    /// <summary>A list of texts that the events of a span carry for it; null unless they carry it as that.</summary>
    public string[]? CarriedTexts(SpanReference reference, string name) =>
        Facts.Spans.GetValueOrDefault(reference.SpanId)?.Attributes is { } carried && carried.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(static entry => JsonText.OrNull(entry) ?? entry.GetRawText())]
            : null;

    /// <summary>When and how a span ended, as the state has it.</summary>
    public static (SpanMoment? End, ExecutionStatus Status) EndOf(ExecutionWindow run) =>
        (run.EndedAtUnixMs is { } end ? new SpanMoment(end, run.EndedSeq ?? long.MaxValue) : null, run.Status);

    /// <summary>When and how a span ended: by its own account, else as the state has it.</summary>
    public (SpanMoment? End, ExecutionStatus Status) EndOf(SpanReference? reference, ExecutionWindow run) =>
        reference is not null && Facts.Spans.GetValueOrDefault(reference.SpanId) is { EndedAtUnixMs: { } end } own
            ? (new SpanMoment(end, own.EndedSeq ?? long.MaxValue), own.Status)
            : EndOf(run);

    /// <summary>When a span started, as the state has it.</summary>
    public static SpanMoment StartOf(ExecutionWindow run) => new(run.StartedAtUnixMs, run.StartedSeq);

    /// <summary>The reference to a payload; null if the state has none.</summary>
    public PayloadReference? Payload(string? payloadId) => payloadId is null ? null : Graph.RawPayloads.GetValueOrDefault(payloadId);

    /// <summary>The model that a turn asks unless a request names another.</summary>
    public string? ModelOf(CodexTurn turn)
    {
        if (CarriedText(Turn(turn), RolloutAttributes.GenAI.RequestModel) is { } own)
        {
            return own;
        }

        return threads.TryGetValue(turn.ThreadId, out var thread) ? thread.Model
            : Index.RequestsOfTurn(turn.CodexTurnId) is [var first, ..] ? first.Model
            : null;
    }

    /// <summary>Name of a thread's agent.</summary>
    public string AgentOf(AgentThread thread) =>
        CarriedText(Session(thread), RolloutAttributes.GenAI.AgentName) ?? thread.AgentPath[(thread.AgentPath.LastIndexOf('/') + 1)..];

    /// <summary>The attributes that every span has.</summary>
    public SpanAttributes Common(string threadId, string? turnId) => new SpanAttributes()
        .Add(RolloutAttributes.Id, Graph.RolloutId)
        .Add(RolloutAttributes.Thread.Id, threadId)
        .Add(RolloutAttributes.Turn.Id, turnId);

    /// <summary>The attributes that every span has that stands for an operation of generative AI.</summary>
    public SpanAttributes Operation(string threadId, string? turnId, string operation) => Common(threadId, turnId)
        .Add(RolloutAttributes.GenAI.ConversationId, Graph.RootThreadId)
        .Add(RolloutAttributes.GenAI.OperationName, operation)
        .Add(RolloutAttributes.GenAI.AgentName, Graph.Threads.TryGetValue(threadId, out var thread) ? AgentOf(thread) : null);

    /// <summary>Who serves a thread's models; null if that is not known.</summary>
    public string? ProviderOf(string threadId) =>
        threads.TryGetValue(threadId, out var thread) ? thread.ProviderName
        : Index.RequestsOfThread(threadId) is [var first, ..] ? ThreadFact.Known(first.ProviderName)
        : null;

    /// <summary>The span, with its status, what its events carry for it, and its links repeated as attributes.</summary>
    public SpanDraft Make(
        SpanReference reference,
        SpanReference? parent,
        string name,
        SpanAttributes attributes,
        SpanMoment start,
        (SpanMoment? End, ExecutionStatus Status) end,
        IReadOnlyList<RolloutSpanLink>? links = null,
        bool isClient = false,
        string? errorType = null,
        string? words = null)
    {
        links = [.. (links ?? []).Take(MaxLinks)];
        foreach (var ofKind in links.GroupBy(static link => link.Kind))
        {
            attributes.AddWhole(RolloutAttributes.Link.Prefix + KindName.Of(ofKind.Key), string.Join(',', ofKind.Select(static link => $"{link.Target.TraceId}-{link.Target.SpanId}")));
        }

        attributes.AddWhole(RolloutAttributes.Edge.Id, string.Join(',', links.Select(static link => link.EdgeId).OfType<string>()));
        var status = CarriedText(reference, RolloutAttributes.Status)
            ?? (end is (null, ExecutionStatus.Running) && liveness.IsOver ? OutlineNode.Unfinished : WireName.Of(end.Status));
        attributes.Add(RolloutAttributes.Status, status);
        attributes.Add(Facts.Spans.GetValueOrDefault(reference.SpanId)?.Attributes);
        var hasDied = end.End is null && liveness.IsDead;
        if (hasDied)
        {
            attributes.Add(RolloutAttributes.Error.Type, RolloutAttributes.Error.ProcessDied);
        }
        else if (status == Failed)
        {
            errorType = ErrorType.Sound(CarriedText(reference, RolloutAttributes.Error.Type)) ?? errorType ?? ErrorType.Other;
            attributes.Add(RolloutAttributes.Error.Type, errorType);
        }

        if (end.End is null)
        {
            attributes.Add(RolloutSpans.Unfinished, true);
            attributes.Add(RolloutSpans.Liveness, KindName.Of(liveness.Status));
        }

        words = status == Failed && Content is not null && words != errorType ? words : null;
        var span = new RolloutSpan
        {
            Reference = reference,
            Parent = parent,
            Name = name,
            IsClient = isClient,
            StartUnixNs = 0,
            EndUnixNs = 0,
            IsError = hasDied || status == Failed,
            StatusDescription = words is null ? null : Failure.DescriptionOf(words),
            Exception = words is null ? null : ExceptionOf(errorType!, words),
            Attributes = attributes.Values,
            Links = links,
        };
        return new SpanDraft(span, start, end.End);
    }

    // An exception is recorded as its type and what it said.
    private static RolloutSpanFailure? ExceptionOf(string errorType, string words) =>
        (errorType.Contains('.', StringComparison.Ordinal) || errorType.Contains("Exception", StringComparison.Ordinal)) && words.StartsWith($"{errorType}: ", StringComparison.Ordinal)
            ? new RolloutSpanFailure { Type = errorType, Message = words[(errorType.Length + 2)..] }
            : null;

    private static SpanReference? ReferenceIn(string text) =>
        text.Split('-') is [{ Length: TraceIdBytes * 2 } traceId, { Length: SpanIdBytes * 2 } spanId] && traceId.All(char.IsAsciiHexDigitLower) && spanId.All(char.IsAsciiHexDigitLower)
            ? new SpanReference { TraceId = traceId, SpanId = spanId }
            : null;

    private SpanReference Derived(string kind, string id) => new() { TraceId = traceId, SpanId = Derive(kind, id, SpanIdBytes) };

    // Exporting twice gives the same ids; another recording of the same rollout other ones.
    private string Derive(string kind, string id, int bytes)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Graph.TraceId}\n{Graph.RolloutId}\n{kind}\n{id}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, bytes));
    }
}
