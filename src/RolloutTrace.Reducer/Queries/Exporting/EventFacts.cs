using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Queries;

/// <summary>What spans need of the log beyond the state.</summary>
internal sealed class EventFacts
{
    /// <summary>The label that each tool call started with.</summary>
    public Dictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>How each tool call was carried out, in order.</summary>
    public Dictionary<string, List<RuntimeFact>> Runtimes { get; } = new(StringComparer.Ordinal);

    /// <summary>Why a request was cancelled.</summary>
    public Dictionary<string, string> CancelReasons { get; } = new(StringComparer.Ordinal);

    /// <summary>Time of the last event.</summary>
    public long LastEventUnixMs { get; private set; }

    public static EventFacts Read(BundleReader bundle)
    {
        var facts = new EventFacts { LastEventUnixMs = bundle.Manifest.StartedAtUnixMs };
        foreach (var line in bundle.ReadEvents())
        {
            if (line.Event is { } e)
            {
                facts.Add(e);
            }
        }

        return facts;
    }

    private void Add(RawEvent e)
    {
        LastEventUnixMs = e.WallTimeUnixMs;
        switch (e.Payload)
        {
            case ToolCallStartedEvent { Summary: GenericSummary summary } tool:
                Labels.TryAdd(tool.ToolCallId, summary.Label);
                break;
            case ToolCallRuntimeStartedEvent started:
                if (!Runtimes.TryGetValue(started.ToolCallId, out var runtimes))
                {
                    Runtimes.Add(started.ToolCallId, runtimes = []);
                }

                runtimes.Add(new RuntimeFact { StartedAtUnixMs = e.WallTimeUnixMs, PayloadId = started.RuntimePayload.RawPayloadId, Span = e.Otel });
                break;
            case ToolCallRuntimeEndedEvent ended when Runtimes.TryGetValue(ended.ToolCallId, out var open) && open.Find(fact => fact.EndedAtUnixMs is null) is { } fact:
                fact.EndedAtUnixMs = e.WallTimeUnixMs;
                fact.Status = ended.Status;
                break;
            case InferenceCancelledEvent cancelled:
                CancelReasons.TryAdd(cancelled.InferenceCallId, cancelled.Reason);
                break;
        }
    }
}

/// <summary>One time that a runtime carried out a tool call.</summary>
internal sealed class RuntimeFact
{
    public required long StartedAtUnixMs { get; init; }

    public required string PayloadId { get; init; }

    public SpanReference? Span { get; init; }

    public long? EndedAtUnixMs { get; set; }

    public ExecutionStatus Status { get; set; } = ExecutionStatus.Running;
}
