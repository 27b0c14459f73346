using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RolloutTrace.Import.Tests.Spans;

/// <summary>How files have spans.</summary>
internal static class SpanFiles
{
    public const string Service = "garden";

    /// <summary>OTLP as JSON, in one of the ways in which SDKs write it.</summary>
    public static JsonObject Otlp(IEnumerable<TestSpan> spans, OtlpStyle style = OtlpStyle.Canonical) => new OtlpFile(style).Of(spans);

    /// <summary>OTLP as protobuf.</summary>
    public static byte[] Protobuf(IEnumerable<TestSpan> spans) => Message(
        (1, Message(
            (1, Message([.. Attributes(1, [("service.name", Service)])])),
            (2, Message([(1, Message((1, Utf8("lib")), (2, Utf8("1")))), .. spans.Select(static span => (2, Span(span)))])))));

    /// <summary>Logs of OTLP as protobuf: a record's time, trace, span, name, and its body or attributes.</summary>
    public static byte[] ProtobufLogs(params IEnumerable<(ulong Time, string Span, string Name, JsonNode? Body, (string Key, object Value)[] Attributes)> records) => Message(
        (1, Message(
            (1, Message([.. Attributes(1, [("service.name", Service)])])),
            (2, Message([(1, Message((1, Utf8("lib")))), .. records.Select(static record => (2, Log(record)))])))));

    /// <summary>Metrics of OTLP as protobuf, each a sum with one point.</summary>
    public static byte[] ProtobufMetrics(params IEnumerable<string> names) => Message(
        (1, Message(
            (1, Message([.. Attributes(1, [("service.name", Service)])])),
            (2, Message([(1, Message((1, Utf8("lib")))), .. names.Select(static name => (2, Message((1, Utf8(name)), (2, Utf8("")), (3, Utf8("{token}")), (7, (byte[])[.. Message((1, Fixed(3, 1795165200029000000))), .. Number(2, 2)]))))])))));

    private static byte[] Log((ulong Time, string Span, string Name, JsonNode? Body, (string Key, object Value)[] Attributes) record)
    {
        List<(int, byte[])> fields = record.Body is null ? [] : [(5, Any(record.Body))];
        fields.AddRange(Attributes(6, record.Attributes));
        fields.AddRange([(9, Convert.FromHexString(TestSpan.Trace)), (10, Convert.FromHexString(record.Span)), (12, Utf8(record.Name))]);
        return [.. Fixed(1, record.Time), .. Number(2, 9), .. Message([.. fields]), .. Fixed(11, record.Time)];
    }

    /// <summary>Jaeger's JSON.</summary>
    public static JsonObject Jaeger(IEnumerable<TestSpan> spans) => new()
    {
        ["data"] = new JsonArray([.. spans.GroupBy(static span => span.TraceId).Select(static trace => new JsonObject
        {
            ["traceID"] = trace.Key,
            ["spans"] = new JsonArray([.. trace.Select(JaegerSpan)]),
            ["processes"] = new JsonObject { ["p1"] = new JsonObject { ["serviceName"] = Service, ["tags"] = new JsonArray() } },
        })]),
    };

    /// <summary>Spans as Python's <c>ConsoleSpanExporter</c> prints them, each over many lines or on one.</summary>
    public static IEnumerable<string> Console(IEnumerable<TestSpan> spans, bool isIndented = true) => spans.Select(span => new JsonObject
    {
        ["name"] = span.Name,
        ["context"] = Context(span.TraceId, span.Id),
        ["kind"] = span.Kind == 3 ? "SpanKind.CLIENT" : "SpanKind.INTERNAL",
        ["parent_id"] = span.Parent is null ? null : $"0x{span.Parent}",
        ["start_time"] = Moment(span.Start),
        ["end_time"] = Moment(span.End),
        ["status"] = span.Status == 2 ? new JsonObject { ["status_code"] = "ERROR", ["description"] = span.Words } : new JsonObject { ["status_code"] = "UNSET" },
        ["attributes"] = Members(span.Attributes),
        ["events"] = new JsonArray([.. span.Events.Select(e => new JsonObject { ["name"] = e.Name, ["timestamp"] = Moment(span.Start), ["attributes"] = Members(e.Attributes) })]),
        ["links"] = new JsonArray([.. span.Links.Select(link => new JsonObject { ["context"] = Context(span.TraceId, link), ["attributes"] = new JsonObject() })]),
        ["resource"] = new JsonObject { ["attributes"] = Members([("service.name", Service)]), ["schema_url"] = "" },
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = isIndented, IndentSize = 4 }));

    private static JsonObject Context(string traceId, string spanId) => new() { ["trace_id"] = $"0x{traceId}", ["span_id"] = $"0x{spanId}", ["trace_state"] = "[]" };

    private static string Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(TestSpan.Epoch + milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Members(IEnumerable<(string Key, object Value)> values) => new(values.Select(static entry => KeyValuePair.Create(entry.Key, JsonSerializer.SerializeToNode(entry.Value))));

    private static JsonObject JaegerSpan(TestSpan span)
    {
        var references = new JsonArray();
        if (span.Parent is not null)
        {
            references.Add(new JsonObject { ["refType"] = "CHILD_OF", ["traceID"] = span.TraceId, ["spanID"] = span.Parent });
        }

        foreach (var link in span.Links)
        {
            references.Add(new JsonObject { ["refType"] = "FOLLOWS_FROM", ["traceID"] = span.TraceId, ["spanID"] = link });
        }

        List<(string Key, object Value)> tags = [("otel.scope.name", "lib"), ("otel.scope.version", "1"), ("span.kind", span.Kind == 3 ? "client" : "internal"), .. span.Attributes];
        if (span.Status == 2)
        {
            tags.AddRange([("error", true), ("otel.status_code", "ERROR"), ("otel.status_description", span.Words ?? "")]);
        }

        return new JsonObject
        {
            ["traceID"] = span.TraceId,
            ["spanID"] = span.Id,
            ["operationName"] = span.Name,
            ["references"] = references,
            ["startTime"] = (TestSpan.Epoch + span.Start) * 1000,
            ["duration"] = (span.End - span.Start) * 1000,
            ["tags"] = Tags(tags),
            ["logs"] = new JsonArray([.. span.Events.Select(e => new JsonObject { ["timestamp"] = (TestSpan.Epoch + span.Start) * 1000, ["fields"] = Tags([("event", e.Name), .. e.Attributes]) })]),
            ["processID"] = "p1",
        };
    }

    private static JsonArray Tags(IEnumerable<(string Key, object Value)> tags) => [.. tags.Select(static tag => new JsonObject
    {
        ["key"] = tag.Key,
        ["type"] = tag.Value switch { bool => "bool", long => "int64", double => "float64", _ => "string" },
        ["value"] = tag.Value switch { bool flag => flag, long number => number, double number => number, string[] list => JsonSerializer.Serialize(list), _ => (string)tag.Value },
    })];

    private static byte[] Span(TestSpan span)
    {
        List<(int, byte[])> fields = [(1, Convert.FromHexString(span.TraceId)), (2, Convert.FromHexString(span.Id)), (4, span.Parent is null ? [] : Convert.FromHexString(span.Parent)), (5, Utf8(span.Name))];
        fields.AddRange(Attributes(9, span.Attributes));
        fields.AddRange(span.Events.Select(e => (11, (byte[])[.. Fixed(1, span.StartNanoseconds), .. Message([(2, Utf8(e.Name)), .. Attributes(3, e.Attributes)])])));
        fields.AddRange(span.Links.Select(link => (13, Message((1, Convert.FromHexString(span.TraceId)), (2, Convert.FromHexString(link))))));
        if (span.Status != 0)
        {
            fields.Add((15, [.. Message((2, Utf8(span.Words ?? ""))), .. Number(3, (ulong)span.Status)]));
        }

        return [.. Message([.. fields]), .. Number(6, (ulong)span.Kind), .. Fixed(7, span.StartNanoseconds), .. Fixed(8, span.EndNanoseconds)];
    }

    private static IEnumerable<(int, byte[])> Attributes(int field, IEnumerable<(string Key, object Value)> values) => values.Select(entry => (field, Message((1, Utf8(entry.Key)), (2, Any(entry.Value)))));

    private static byte[] Any(object value) => value switch
    {
        bool flag => Number(2, flag ? 1UL : 0),
        long number => Number(3, (ulong)number),
        double number => Fixed(4, BitConverter.DoubleToUInt64Bits(number)),
        string[] list => Message((5, Message([.. list.Select(static text => (1, Any(text)))]))),
        byte[] bytes => Message((7, bytes)),
        JsonObject members => Message((6, Message([.. members.Select(static member => (1, Message((1, Utf8(member.Key)), (2, Any(member.Value!)))))]))),
        JsonArray list => Message((5, Message([.. list.Select(static entry => (1, Any(entry!)))]))),
        JsonValue scalar => scalar.GetValueKind() == JsonValueKind.String ? Any(scalar.GetValue<string>()) : Any((long)scalar.GetValue<int>()),
        _ => Message((1, Utf8((string)value))),
    };

    private static byte[] Message(params (int Field, byte[] Value)[] fields) =>
        [.. fields.SelectMany(static field => (byte[])[.. Varint((ulong)((field.Field << 3) | 2)), .. Varint((ulong)field.Value.Length), .. field.Value])];

    private static byte[] Number(int field, ulong value) => [.. Varint((ulong)(field << 3)), .. Varint(value)];

    private static byte[] Fixed(int field, ulong value) => [.. Varint((ulong)((field << 3) | 1)), .. BitConverter.GetBytes(value)];

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
