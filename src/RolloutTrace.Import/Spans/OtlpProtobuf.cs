using System.Buffers;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI;
using RolloutTrace.Payloads;

namespace RolloutTrace.Import.Spans;

/// <summary>OTLP's messages as protobuf. Fields go by their numbers, and unknown ones are passed over.</summary>
internal static class OtlpProtobuf
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/"u8);

    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static OtlpResource ReadResource(ReadOnlySpan<byte> message)
    {
        var tags = new List<SpanTag>();
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number == 1)
            {
                AddTag(tags, fields.Bytes);
            }
        }

        return new OtlpResource(tags);
    }

    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static OtlpScope ReadScope(ReadOnlySpan<byte> message)
    {
        var (name, version) = ("", "");
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            (name, version) = fields.Number switch
            {
                1 => (fields.Text, version),
                2 => (name, fields.Text),
                _ => (name, version),
            };
        }

        return new OtlpScope(name, version.Length > 0 ? version : null);
    }

    /// <summary>A span without its scope and resource; null if it has no ids, or no time.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static ForeignSpan? ReadSpan(ReadOnlySpan<byte> message)
    {
        var span = new ForeignSpan { TraceId = "", SpanId = "", Start = default };
        var (tags, events, links, hasStart) = (new List<SpanTag>(), new List<SpanEvent>(), new List<SpanLink>(), false);
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case 7:
                    (hasStart, span) = SpanText.Time(fields.Value) is { } start ? (true, span with { Start = start }) : (false, span);
                    break;
                case 9:
                    AddTag(tags, fields.Bytes);
                    break;
                case 11:
                    events.Add(ReadEvent(fields.Bytes));
                    break;
                case 13:
                    links.Add(ReadLink(fields.Bytes));
                    break;
                default:
                    span = With(span, fields);
                    break;
            }
        }

        // A start that is left out, or zero, was no later than what is known to have happened.
        if (!hasStart && (events.Find(static e => e.Time > DateTimeOffset.UnixEpoch)?.Time ?? span.End) is { } known)
        {
            (hasStart, span) = (true, span with { Start = known });
        }

        return span.TraceId.Length == 0 || span.SpanId.Length == 0 || !hasStart ? null : span with { Attributes = tags, Events = events, Links = links };
    }

    /// <summary>Whether a message that stands where spans do is a log record: that begins with its time, and a span with its trace.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static bool IsLogRecord(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number is 1 or 11)
            {
                return fields.Bytes.IsEmpty && fields.Value != 0;
            }
        }

        return false;
    }

    /// <summary>Whether a message that stands where spans do is a metric: that begins with its name, where a span has an id of 16 bytes, and has no number of its own.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static bool IsMetric(ReadOnlySpan<byte> message)
    {
        var isNamed = false;
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Value != 0)
            {
                return false;
            }

            isNamed |= fields.Number == 1 && IsName(fields.Bytes);
        }

        return isNamed;
    }

    /// <summary>A log record that is an event of the GenAI conventions, for a span; null if it is another one.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static (string TraceId, string SpanId, SpanEvent Event)? ReadMessage(ReadOnlySpan<byte> message)
    {
        var (time, observed, name) = (default(DateTimeOffset?), default(DateTimeOffset?), "");
        var (traceId, spanId, body) = (default(string), default(string), default(object));
        var tags = new List<SpanTag>();
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case 1:
                    time = SpanText.Time(fields.Value);
                    break;
                case 5:
                    body = Value(fields.Bytes);
                    break;
                case 6:
                    AddTag(tags, fields.Bytes);
                    break;
                case 9:
                    traceId = SpanText.Id(fields.Bytes, TraceIdBytes);
                    break;
                case 10:
                    spanId = SpanText.Id(fields.Bytes, SpanIdBytes);
                    break;
                case 11:
                    observed = SpanText.Time(fields.Value);
                    break;
                case 12:
                    name = fields.Text;
                    break;
            }
        }

        return SpanText.LoggedMessage(traceId, spanId, name, tags, body, time, observed);
    }

    private static ForeignSpan With(ForeignSpan span, in ProtobufFields field) => field.Number switch
    {
        1 => span with { TraceId = SpanText.Id(field.Bytes, TraceIdBytes) ?? "" },
        2 => span with { SpanId = SpanText.Id(field.Bytes, SpanIdBytes) ?? "" },
        4 => span with { ParentSpanId = SpanText.Id(field.Bytes, SpanIdBytes) },
        5 => span with { Name = field.Text },
        6 => span with { Kind = SpanText.Kind((long)field.Value) },
        8 => span with { End = SpanText.Time(field.Value) },
        15 => WithStatus(span, field.Bytes),
        _ => span,
    };

    private static ForeignSpan WithStatus(ForeignSpan span, ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            span = fields.Number switch
            {
                2 when fields.Bytes.Length > 0 => span with { StatusDescription = fields.Text },
                3 => span with { Status = SpanText.Status((long)fields.Value) },
                _ => span,
            };
        }

        return span;
    }

    private static SpanEvent ReadEvent(ReadOnlySpan<byte> message)
    {
        var (time, name, tags) = (DateTimeOffset.UnixEpoch, "", new List<SpanTag>());
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case 1:
                    time = SpanText.Time(fields.Value) ?? time;
                    break;
                case 2:
                    name = fields.Text;
                    break;
                case 3:
                    AddTag(tags, fields.Bytes);
                    break;
            }
        }

        return new SpanEvent(name, time, tags);
    }

    private static SpanLink ReadLink(ReadOnlySpan<byte> message)
    {
        var (traceId, spanId, tags) = ("", "", new List<SpanTag>());
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case 1:
                    traceId = SpanText.Id(fields.Bytes, TraceIdBytes) ?? "";
                    break;
                case 2:
                    spanId = SpanText.Id(fields.Bytes, SpanIdBytes) ?? "";
                    break;
                case 4:
                    AddTag(tags, fields.Bytes);
                    break;
            }
        }

        return new SpanLink(traceId, spanId, tags);
    }

    private static void AddTag(List<SpanTag> tags, ReadOnlySpan<byte> message)
    {
        var (key, value) = KeyValue(message);
        tags.Add(new SpanTag(key, Value(value)));
    }

    private static KeyWithValue KeyValue(ReadOnlySpan<byte> message)
    {
        var pair = new KeyWithValue { Key = "" };
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number == 1)
            {
                pair.Key = fields.Text;
            }
            else if (fields.Number == 2)
            {
                pair.Value = fields.Bytes;
            }
        }

        return pair;
    }

    private static object? Value(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufFields(message);
        if (!fields.MoveNext())
        {
            return null;
        }

        return fields.Number switch
        {
            5 => List(fields.Bytes, message),
            6 => Json(message),
            _ => Scalar(fields),
        };
    }

    private static object? Scalar(in ProtobufFields field) => field.Number switch
    {
        1 => field.Text,
        2 => field.Value != 0,
        3 => (long)field.Value,
        4 => BitConverter.UInt64BitsToDouble(field.Value),
        7 => OtlpValue.Bytes(field.Bytes),
        _ => null,
    };

    private static object List(ReadOnlySpan<byte> list, ReadOnlySpan<byte> message)
    {
        var texts = new List<string>();
        var entries = new ProtobufFields(list);
        while (entries.MoveNext())
        {
            var value = new ProtobufFields(entries.Bytes);
            if (!value.MoveNext() || value.Number != 1)
            {
                return Json(message);
            }

            texts.Add(value.Text);
        }

        return texts.ToArray();
    }

    private static JsonElement Json(ReadOnlySpan<byte> message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions))
        {
            Write(json, message, depth: 0);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> message, int depth)
    {
        var value = new ProtobufFields(message);
        if (depth >= BundleReaderOptions.MaxDepth - 2)
        {
            throw new InvalidDataException("holds a value that is nested too deep");
        }

        if (!value.MoveNext())
        {
            json.WriteNullValue();
        }
        else if (value.Number == 5)
        {
            json.WriteStartArray();
            var entries = new ProtobufFields(value.Bytes);
            while (entries.MoveNext())
            {
                Write(json, entries.Bytes, depth + 1);
            }

            json.WriteEndArray();
        }
        else if (value.Number == 6)
        {
            json.WriteStartObject();
            var members = new ProtobufFields(value.Bytes);
            while (members.MoveNext())
            {
                var pair = KeyValue(members.Bytes);
                json.WritePropertyName(pair.Key);
                Write(json, pair.Value, depth + 1);
            }

            json.WriteEndObject();
        }
        else
        {
            OtlpValue.WriteScalar(json, Scalar(value));
        }
    }

    private ref struct KeyWithValue
    {
        public string Key { get; set; }

        public ReadOnlySpan<byte> Value { get; set; }

        public readonly void Deconstruct(out string key, out ReadOnlySpan<byte> value)
        {
            key = Key;
            value = Value;
        }
    }

    // As the specification has it: a letter, and then letters, digits and four signs.
    private static bool IsName(ReadOnlySpan<byte> bytes) =>
        bytes is [(>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z'), ..] && !bytes.ContainsAnyExcept(NameBytes);
}
