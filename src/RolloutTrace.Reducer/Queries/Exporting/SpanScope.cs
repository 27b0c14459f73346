using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Queries;

/// <summary>What all spans of a rollout have in common: ids, common attributes, times and ends.</summary>
internal sealed class SpanScope
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    private readonly string traceId;

    public SpanScope(RolloutIndex index, EventFacts facts, string bundleName)
    {
        Index = index;
        Facts = facts;
        BundleName = bundleName;

        // What the recording names tells the trace of what it does not name.
        var known = index.Graph.Threads.Values.Select(static thread => thread.Otel).OfType<SpanReference>().FirstOrDefault()
            ?? index.Graph.InferenceCalls.Values.Select(static call => call.Otel).OfType<SpanReference>().FirstOrDefault();
        traceId = known?.TraceId ?? Derive("trace", "", TraceIdBytes);
    }

    public RolloutIndex Index { get; }

    public RolloutGraph Graph => Index.Graph;

    public EventFacts Facts { get; }

    public string BundleName { get; }

    public SpanReference Session(AgentThread thread) => thread.Otel ?? Derived("session", thread.ThreadId);

    public SpanReference Turn(CodexTurn turn) => turn.Otel ?? Derived("turn", turn.CodexTurnId);

    public SpanReference Turn(string turnId) => Turn(Graph.CodexTurns[turnId]);

    public SpanReference Request(InferenceCall call) => call.Otel ?? Derived("request", call.InferenceCallId);

    public SpanReference Tool(ToolCall tool) => tool.Otel ?? Derived("tool", tool.ToolCallId);

    public SpanReference Cell(CodeCell cell) => cell.Otel ?? Derived("cell", cell.CodeCellId);

    public SpanReference Compaction(string id, Compaction? installed) => installed?.Otel ?? Derived("compaction", id);

    public SpanReference CompactionRequest(CompactionRequest request) => request.Otel ?? Derived("compaction_request", request.CompactionRequestId);

    public SpanReference Runtime(ToolCall tool, int number, RuntimeFact fact) => fact.Span ?? Derived("runtime", $"{tool.ToolCallId}#{number}");

    /// <summary>The attributes that every span has.</summary>
    public SpanAttributes Common(string threadId, string? turnId, string? providerName = null) => new SpanAttributes()
        .Add(RolloutAttributes.GenAI.ConversationId, Graph.RootThreadId)
        .Add(RolloutAttributes.GenAI.ProviderName, providerName ?? ProviderOf(threadId))
        .Add(RolloutAttributes.Id, Graph.RolloutId)
        .Add(RolloutAttributes.Thread.Id, threadId)
        .Add(RolloutAttributes.Turn.Id, turnId);

    /// <summary>The span, with its end and status, and its links repeated as attributes.</summary>
    public RolloutSpan Make(
        SpanReference reference,
        SpanReference? parent,
        string name,
        SpanAttributes attributes,
        long startUnixMs,
        long? endUnixMs,
        ExecutionStatus status,
        IReadOnlyList<RolloutSpanLink>? links = null,
        bool isClient = false)
    {
        links ??= [];
        foreach (var ofKind in links.GroupBy(static link => link.Kind))
        {
            attributes.Add(RolloutAttributes.Link.Prefix + ofKind.Key, string.Join(',', ofKind.Select(static link => $"{link.Target.TraceId}-{link.Target.SpanId}")));
        }

        attributes.Add(RolloutAttributes.Status, WireName.Of(status));
        if (status == ExecutionStatus.Failed)
        {
            attributes.Add(RolloutAttributes.Error.Type, "_OTHER");
        }

        if (endUnixMs is null)
        {
            attributes.Add(RolloutSpans.Unfinished, true);
        }

        return new RolloutSpan
        {
            Reference = reference,
            Parent = parent,
            Name = name,
            IsClient = isClient,
            StartUnixMs = startUnixMs,
            EndUnixMs = Math.Max(startUnixMs, endUnixMs ?? Facts.LastEventUnixMs),
            IsError = status == ExecutionStatus.Failed,
            Attributes = attributes.Values,
            Links = links,
        };
    }

    private string? ProviderOf(string threadId) => Index.RequestsOfThread(threadId) is [var first, ..] ? first.ProviderName : null;

    private SpanReference Derived(string kind, string id) => new() { TraceId = traceId, SpanId = Derive(kind, id, SpanIdBytes) };

    // Exporting twice gives the same ids; another recording of the same rollout other ones.
    private string Derive(string kind, string id, int bytes)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Graph.TraceId}\n{Graph.RolloutId}\n{kind}\n{id}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, bytes));
    }
}
