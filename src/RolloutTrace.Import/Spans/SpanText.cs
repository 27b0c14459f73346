using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RolloutTrace.GenAI;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>How files write what a span has: ids, times, kinds, statuses.</summary>
internal static class SpanText
{
    private const string Prefix = "0x";
    private const long NanosecondsPerTick = 100;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>An id as lower-case hexadecimal digits, from these or from base64; null for none, and for one that is all zeros.</summary>
    /// <param name="text">The id as it stands in the file.</param>
    /// <param name="bytes">How many bytes it has.</param>
    public static string? Id(string? text, int bytes)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        text = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : text;
        var isHexadecimal = text.Length <= 2 * bytes && text.AsSpan().IndexOfAnyExcept(HexDigits) < 0;
        if (!isHexadecimal)
        {
            var decoded = new byte[bytes];
            if (!Convert.TryFromBase64String(text, decoded, out var written) || written != bytes)
            {
                return null;
            }

            text = Convert.ToHexString(decoded);
        }

        return OfHex(text, bytes);
    }

    /// <summary>An id from its bytes.</summary>
    public static string? Id(ReadOnlySpan<byte> id, int bytes) => id.Length != bytes ? null : OfHex(Convert.ToHexString(id), bytes);

    /// <summary>A time from nanoseconds since the Unix epoch; null for none.</summary>
    public static DateTimeOffset? Time(ulong nanoseconds) =>
        nanoseconds == 0 || nanoseconds / NanosecondsPerTick > (ulong)(DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks)
            ? null
            : DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / NanosecondsPerTick));

    /// <summary>A kind by its number in OTLP.</summary>
    public static ActivityKind Kind(long number) => number switch
    {
        2 => ActivityKind.Server,
        3 => ActivityKind.Client,
        4 => ActivityKind.Producer,
        5 => ActivityKind.Consumer,
        _ => ActivityKind.Internal,
    };

    /// <summary>A kind by its name: <c>SPAN_KIND_CLIENT</c>, <c>SpanKind.CLIENT</c>, or the last word of it.</summary>
    public static ActivityKind Kind(string? name) => LastWord(name) switch
    {
        "SERVER" => ActivityKind.Server,
        "CLIENT" => ActivityKind.Client,
        "PRODUCER" => ActivityKind.Producer,
        "CONSUMER" => ActivityKind.Consumer,
        _ => ActivityKind.Internal,
    };

    /// <summary>A status by its number in OTLP.</summary>
    public static ActivityStatusCode Status(long number) => number switch
    {
        1 => ActivityStatusCode.Ok,
        2 => ActivityStatusCode.Error,
        _ => ActivityStatusCode.Unset,
    };

    /// <summary>A status by its name: <c>STATUS_CODE_ERROR</c>, or the last word of it.</summary>
    public static ActivityStatusCode Status(string? name) => LastWord(name) switch
    {
        "OK" => ActivityStatusCode.Ok,
        "ERROR" => ActivityStatusCode.Error,
        _ => ActivityStatusCode.Unset,
    };

    /// <summary>A time as text: nanoseconds, or a date and time.</summary>
    public static DateTimeOffset? Time(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds) ? Time(nanoseconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime()
        : null;

    // Some write only as many digits as they need.
    private static string? OfHex(string hex, int bytes)
    {
        var id = hex.ToLowerInvariant().PadLeft(2 * bytes, '0');
        return id.AsSpan().IndexOfAnyExcept('0') < 0 ? null : id;
    }

    private static string LastWord(string? name) => name is null ? "" : name[(name.LastIndexOfAny(['_', '.']) + 1)..].ToUpperInvariant();

    /// <summary>A log record as an event of a span; null if it is none of the GenAI conventions, or of no span.</summary>
    /// <param name="traceId">The span's trace; null if it names none.</param>
    /// <param name="spanId">The span; null if it names none.</param>
    /// <param name="name">The event's name; null or empty where an attribute has it.</param>
    /// <param name="attributes">Its attributes, to which the body is added.</param>
    /// <param name="body">Its body; null if it has none.</param>
    /// <param name="time">When it happened; null if it does not say.</param>
    /// <param name="observed">When it was seen; null if it does not say.</param>
    public static (string TraceId, string SpanId, SpanEvent Event)? LoggedMessage(
        string? traceId, string? spanId, string? name, List<SpanTag> attributes, object? body, DateTimeOffset? time, DateTimeOffset? observed)
    {
        name = name is { Length: > 0 } ? name : attributes.Find(static tag => tag.Name is "event.name" or "event_name").Value as string;
        if (Exchange(body) is { Count: > 0 } exchange)
        {
            (name, body) = ("gen_ai.client.inference.operation.details", null);
            attributes.AddRange(exchange);
        }

        if (name?.StartsWith("gen_ai.", StringComparison.Ordinal) != true || traceId is null || spanId is null)
        {
            return null;
        }

        if (body is not null)
        {
            attributes.Add(new SpanTag("body", body));
        }

        var at = time is { } told && told > DateTimeOffset.UnixEpoch ? told : observed ?? DateTimeOffset.UnixEpoch;
        return (traceId, spanId, new SpanEvent(name, at, attributes));
    }

    // AWS's distribution takes messages off spans, and logs what was given and what came of it in one record.
    private static List<SpanTag> Exchange(object? body)
    {
        var tags = new List<SpanTag>();
        foreach (var (side, name) in ((string, string)[])[("input", "gen_ai.input.messages"), ("output", "gen_ai.output.messages")])
        {
            if (body is JsonElement json && JsonText.Member(JsonText.Member(json, side), "messages") is { ValueKind: JsonValueKind.Array } messages)
            {
                tags.Add(new SpanTag(name, messages));
            }
        }

        return tags;
    }
}
