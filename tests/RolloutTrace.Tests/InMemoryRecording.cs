using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests;

/// <summary>Keeps what is recorded as text: one line an event, each payload below it.</summary>
internal sealed class InMemoryRecording : IRolloutRecording
{
    private readonly Lock sync = new();
    private readonly List<(RolloutEventContext Context, RawEventPayload Event, string? Payload)> events = [];
    private int payloads;

    public string BundleName => "trace-1-root";

    public string TraceId => "recording-1";

    /// <summary>The types of the events, in order.</summary>
    public IReadOnlyList<string> EventTypes
    {
        get
        {
            lock (sync)
            {
                return events.ConvertAll(e => JsonSerializer.SerializeToElement(e.Event, BundleJsonContext.Default.RawEventPayload).GetProperty("type").GetString()!);
            }
        }
    }

    /// <summary>The one event of a type.</summary>
    public T Single<T>()
        where T : RawEventPayload
    {
        lock (sync)
        {
            return events.Select(e => e.Event).OfType<T>().ShouldHaveSingleItem();
        }
    }

    /// <summary>The events of a type, in order.</summary>
    public IReadOnlyList<T> Events<T>()
        where T : RawEventPayload
    {
        lock (sync)
        {
            return [.. events.Select(e => e.Event).OfType<T>()];
        }
    }

    /// <summary>The payload of the one event of a type.</summary>
    public JsonElement PayloadOf<T>()
        where T : RawEventPayload
    {
        lock (sync)
        {
            return JsonElement.Parse(events.Where(e => e.Event is T).ShouldHaveSingleItem().Payload.ShouldNotBeNull());
        }
    }

    public void Record(in RolloutEventContext context, RawEventPayload payload)
    {
        lock (sync)
        {
            events.Add((context, payload, null));
        }
    }

    public PayloadReference? Record<TState>(
        in RolloutEventContext context,
        PayloadKind kind,
        in JsonPayload payload,
        TState state,
        Func<TState, PayloadReference, RawEventPayload> create)
    {
        payload.IsEmpty.ShouldBeFalse("a payload that is handed over is never empty");
        var buffer = new ArrayBufferWriter<byte>();
        payload.WriteTo(buffer);
        lock (sync)
        {
            var reference = PayloadReference.ForNumber(++payloads, kind);
            events.Add((context, create(state, reference), Encoding.UTF8.GetString(buffer.WrittenSpan)));
            return reference;
        }
    }

    public string Print(IReadOnlyDictionary<ActivitySpanId, string> spans)
    {
        lock (sync)
        {
            var text = new StringBuilder();
            foreach (var (context, e, payload) in events)
            {
                var span = context.Span is { } activity ? spans.GetValueOrDefault(activity.SpanId, "<unknown span>") : "no span";
                text.Append(context.ThreadId ?? "-").Append(' ').Append(context.TurnId ?? "-").Append(" (").Append(span).Append(") ")
                    .Append(JsonSerializer.Serialize(e, BundleJsonContext.Default.RawEventPayload)).Append('\n');
                if (payload is not null)
                {
                    JsonDocument.Parse(payload).Dispose();
                    text.Append("    ").Append(payload).Append('\n');
                }
            }

            return text.ToString();
        }
    }
}
