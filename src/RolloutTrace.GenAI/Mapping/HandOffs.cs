using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>
/// Calls by which an agent hands the conversation to another one. Agent Framework carries them out by itself: there is no span for them,
/// and nothing that they give before the agent is asked again, if it ever is. Others have a span that says only to whom.
/// </summary>
internal static class HandOffs
{
    private static readonly string[] Prefixes = ["handoff_to_", "transfer_to_"];

    /// <summary>Records those that are open at the end of an agent's turn.</summary>
    /// <returns>The id of the last; null if there is none.</returns>
    public static string? Record(TurnState turn, ThreadTable threads)
    {
        string? last = null;
        for (var call = turn.Thread!.OpenCalls.First; call is not null;)
        {
            var next = call.Next;
            if (Is(call.Value.Item.Name))
            {
                last = Record(turn, call.Value);
                turn.Thread.OpenCalls.Remove(call);
                foreach (var key in CallKeys.Of(turn.Node!.Reading.Service, call.Value.Item.CallId, call.Value.Item.Name, call.Value.Item.Text))
                {
                    threads.IsCarriedOut(turn.Thread, key);
                }
            }

            call = next;
        }

        return last;
    }

    /// <summary>Whether the tool of this name hands the conversation over.</summary>
    public static bool Is(string? tool) => tool is not null && Array.Exists(Prefixes, prefix => tool.StartsWith(prefix, StringComparison.Ordinal));

    private static string Record(TurnState turn, OpenCall call)
    {
        var rollout = turn.Thread!.Rollout!.Rollout;
        var span = turn.Node!.Reading.Span;
        var context = new RolloutEventContext(turn.Thread.ThreadId, turn.TurnId, Span: null) { WallTimeUnixMs = SpanContext.Milliseconds(span.End ?? span.Start) };
        var item = call.Item;
        var visible = EventText.Id(item.CallId) is { } id && rollout.CallIds.TryClaim(id) ? id : null;
        var started = new ToolCallStartedEvent
        {
            ToolCallId = visible ?? DerivedId.Of("hand_off", call.Request.TraceId, call.Request.SpanId, item.CallId ?? item.Name!),
            ModelVisibleCallId = visible,
            Requester = ToolRequester.Model,
            Kind = ToolClassifier.Kind(item.Name!).Bounded(),
            Summary = new GenericSummary { Label = EventText.Name(item.Name), InputPreview = ToolClassifier.Preview(item.Text) },
        };
        rollout.Record(context, PayloadKind.ToolInvocation, MappedPayloads.ToolInvocation(item), started, static (call, reference) => call with { InvocationPayload = reference });
        rollout.Record(context, new ToolCallEndedEvent { ToolCallId = started.ToolCallId, Status = ExecutionStatus.Completed });
        return started.ToolCallId;
    }
}
