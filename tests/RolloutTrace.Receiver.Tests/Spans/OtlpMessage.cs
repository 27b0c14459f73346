using System.Globalization;
using System.Text.Json.Nodes;
using RolloutTrace.Receiver.Protocol;

namespace RolloutTrace.Receiver.Tests.Spans;

/// <summary>OTLP's JSON as the protobuf message that says the same.</summary>
internal static class OtlpMessage
{
    /// <summary>An export of spans or of log records.</summary>
    public static byte[] Of(JsonNode export)
    {
        var message = new ProtobufBuilder();
        foreach (var (resources, scopes, entries, entryOf) in ((string, string, string, Func<JsonNode, ProtobufBuilder>)[])[("resourceSpans", "scopeSpans", "spans", Span), ("resourceLogs", "scopeLogs", "logRecords", Log)])
        {
            Each(export, resources, resource =>
            {
                var ofResource = new ProtobufBuilder().Message(1, Attributes(new ProtobufBuilder(), 1, resource["resource"]));
                Each(resource, scopes, scope =>
                {
                    var ofScope = new ProtobufBuilder().Message(1, Texts(new ProtobufBuilder(), scope["scope"], (1, "name"), (2, "version")));
                    Each(scope, entries, entry => ofScope.Message(2, entryOf(entry)));
                    ofResource.Message(2, ofScope);
                });
                message.Message(1, ofResource);
            });
        }

        return message.ToArray();
    }

    private static ProtobufBuilder Span(JsonNode span)
    {
        var message = Ids(new ProtobufBuilder(), span, (1, "traceId"), (2, "spanId"), (4, "parentSpanId"));
        Attributes(Times(Texts(message, span, (5, "name")), span, (7, "startTimeUnixNano"), (8, "endTimeUnixNano")), 9, span).Number(6, (long?)span["kind"] ?? 0);
        Each(span, "events", happened => message.Message(11, Attributes(Texts(Times(new ProtobufBuilder(), happened, (1, "timeUnixNano")), happened, (2, "name")), 3, happened)));
        Each(span, "links", link => message.Message(13, Attributes(Ids(new ProtobufBuilder(), link, (1, "traceId"), (2, "spanId")), 4, link)));
        return span["status"] is { } status ? message.Message(15, Texts(new ProtobufBuilder(), status, (2, "message")).Number(3, (long?)status["code"] ?? 0)) : message;
    }

    private static ProtobufBuilder Log(JsonNode log)
    {
        var message = Times(new ProtobufBuilder(), log, (1, "timeUnixNano"), (11, "observedTimeUnixNano"));
        if (log["body"] is { } body)
        {
            message.Message(5, Value(body));
        }

        return Texts(Ids(Attributes(message, 6, log), log, (9, "traceId"), (10, "spanId")), log, (12, "eventName"));
    }

    private static ProtobufBuilder Attributes(ProtobufBuilder message, int field, JsonNode? owner) => Pairs(message, field, owner, "attributes");

    private static ProtobufBuilder Pairs(ProtobufBuilder message, int field, JsonNode? owner, string name)
    {
        Each(owner, name, pair => message.Message(field, new ProtobufBuilder().Text(1, (string)pair["key"]!).Message(2, Value(pair["value"]))));
        return message;
    }

    private static ProtobufBuilder Value(JsonNode? value)
    {
        var message = new ProtobufBuilder();
        return value?.AsObject().SingleOrDefault() switch
        {
            null => message,
            ("stringValue", { } text) => message.Text(1, (string)text!),
            ("boolValue", { } flag) => message.Number(2, (bool)flag ? 1 : 0),
            ("intValue", { } number) => message.Number(3, long.Parse($"{number}", CultureInfo.InvariantCulture)),
            ("doubleValue", { } number) => message.Fixed(4, BitConverter.DoubleToUInt64Bits((double)number)),
            ("arrayValue", { } list) => message.Message(5, Values(list)),
            ("kvlistValue", { } members) => message.Message(6, Pairs(new ProtobufBuilder(), 1, members, "values")),
            var (name, _) => throw new FormatException($"{name} is not known here"),
        };
    }

    private static ProtobufBuilder Values(JsonNode list)
    {
        var message = new ProtobufBuilder();
        Each(list, "values", entry => message.Message(1, Value(entry)));
        return message;
    }

    private static ProtobufBuilder Texts(ProtobufBuilder message, JsonNode? owner, params (int Field, string Name)[] members) => Members(message, owner, members, static (to, field, text) => to.Text(field, text));

    private static ProtobufBuilder Ids(ProtobufBuilder message, JsonNode owner, params (int Field, string Name)[] members) => Members(message, owner, members, static (to, field, text) => to.Value(field, Convert.FromHexString(text)));

    private static ProtobufBuilder Times(ProtobufBuilder message, JsonNode owner, params (int Field, string Name)[] members) =>
        Members(message, owner, members, static (to, field, text) => to.Fixed(field, ulong.Parse(text, CultureInfo.InvariantCulture)));

    private static ProtobufBuilder Members(ProtobufBuilder message, JsonNode? owner, (int Field, string Name)[] members, Action<ProtobufBuilder, int, string> add)
    {
        foreach (var (field, name) in members)
        {
            if ($"{owner?[name]}" is { Length: > 0 } text)
            {
                add(message, field, text);
            }
        }

        return message;
    }

    private static void Each(JsonNode? owner, string name, Action<JsonNode> action)
    {
        foreach (var entry in owner?[name]?.AsArray() ?? [])
        {
            action(entry!);
        }
    }
}
