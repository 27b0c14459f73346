using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Calls that were carried out, and that no span tells of.</summary>
internal static class UnseenCalls
{
    /// <summary>Records one.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="call">The call.</param>
    /// <param name="given">What the model got of it; null if that is not known.</param>
    /// <param name="span">At whose end it is known.</param>
    /// <returns>Its id; null if a span has told of it after all.</returns>
    public static string? Record(TurnState turn, OpenCall call, ModelItem? given, ForeignSpan span)
    {
        var rollout = turn.Thread!.Rollout!.Rollout;
        var item = call.Item;
        var context = new RolloutEventContext(turn.Thread.ThreadId, turn.TurnId, Span: null) { WallTimeUnixMs = SpanContext.Milliseconds(span.End ?? span.Start) };
        var visible = EventText.Id(item.CallId) is { } id && rollout.CallIds.TryClaim(id) ? id : null;
        if (visible is null && given is not null)
        {
            return null;
        }

        var started = new ToolCallStartedEvent
        {
            ToolCallId = visible ?? DerivedId.Of("hand_off", call.Request.TraceId, call.Request.SpanId, item.CallId ?? item.Name!),
            ModelVisibleCallId = visible,
            Requester = ToolRequester.Model,
            Kind = ToolClassifier.Kind(item.Name!).Bounded(),
            Summary = new GenericSummary { Label = EventText.Name(item.Name), InputPreview = ToolClassifier.Preview(item.Text) },
        };
        rollout.Record(context, PayloadKind.ToolInvocation, MappedPayloads.ToolInvocation(item), started, static (call, reference) => call with { InvocationPayload = reference });
        if (given is null)
        {
            rollout.Record(context, new ToolCallEndedEvent { ToolCallId = started.ToolCallId, Status = ExecutionStatus.Completed });
        }
        else
        {
            rollout.Record(context, PayloadKind.ToolResult, MappedPayloads.ToolResult(given), started.ToolCallId, static (id, reference) =>
                new ToolCallEndedEvent { ToolCallId = id, Status = ExecutionStatus.Completed, ResultPayload = reference });
        }

        return started.ToolCallId;
    }
}
