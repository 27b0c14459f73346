using System.Diagnostics;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Callers;

/// <summary>A span of another library that leaves the process below a tool call: whoever it reaches knows it for its caller.</summary>
internal static class OutgoingSpan
{
    private const string Noted = "RolloutTrace.Outgoing";
    private const int MaxDepth = 64;

    /// <summary>The call of a tool that a span is in, or is; null if what is around it first is something else.</summary>
    public static ToolCall? ToolAround(Activity? around)
    {
        for (var depth = 0; RolloutHandle.AreAny && around is not null && depth < MaxDepth; around = around.Parent, depth++)
        {
            if (RolloutHandle.Of(around) is { } handle)
            {
                return handle as ToolCall ?? (handle as ToolRuntime)?.Call;
            }
        }

        return null;
    }

    /// <summary>Leaves the breadcrumb, once a span.</summary>
    public static void Note(Activity span)
    {
        if (ToolAround(span.Parent) is not { Rollout.IsRecorded: true } tool || span.GetCustomProperty(Noted) is not null || span.GetBaggageItem(CallerBaggage.Key) is not null)
        {
            return;
        }

        span.SetCustomProperty(Noted, tool.ToolCallId);
        tool.Rollout.Record(
            tool.Context,
            PayloadKind.ProtocolEvent,
            Payload(tool.ToolCallId, new SpanReference { TraceId = span.TraceId.ToHexString(), SpanId = span.SpanId.ToHexString() }),
            Breadcrumbs.Outgoing,
            static (type, reference) => new ProtocolEventObservedEvent { EventType = type, EventPayload = reference });
    }

    /// <summary>Makes the payload.</summary>
    /// <param name="toolCallId">The tool call below which the span is.</param>
    /// <param name="span">The span.</param>
    public static JsonPayload Payload(string toolCallId, SpanReference span)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("tool_call_id"u8, toolCallId);
            json.WriteStartObject("otel"u8);
            json.WriteString("trace_id"u8, span.TraceId);
            json.WriteString("span_id"u8, span.SpanId);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
