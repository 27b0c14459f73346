using System.Text.Json;
using System.Text.Json.Nodes;

namespace RolloutTrace.Import.Tests.Spans;

/// <summary>OTLP as JSON, in one of the ways in which SDKs write it.</summary>
internal sealed class OtlpFile(OtlpStyle style)
{
    private static readonly string[] Kinds = ["", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT"];

    public JsonObject Of(IEnumerable<TestSpan> spans)
    {
        var made = new JsonObject { ["name"] = "lib", ["version"] = "1" };
        var written = new JsonArray([.. spans.Select(Span)]);
        var scope = style == OtlpStyle.ResourceLast ? new JsonObject { ["spans"] = written, ["scope"] = made } : new JsonObject { ["scope"] = made, ["spans"] = written };
        var attributes = new JsonObject { ["attributes"] = Attributes([("service.name", SpanFiles.Service)]) };
        var resource = new JsonObject();
        if (style is not (OtlpStyle.ResourceLast or OtlpStyle.NoResource))
        {
            resource["resource"] = attributes;
        }

        resource[Name("scopeSpans")] = new JsonArray(scope);
        if (style == OtlpStyle.ResourceLast)
        {
            resource["resource"] = attributes;
        }

        return new JsonObject { [Name("resourceSpans")] = new JsonArray(resource) };
    }

    private JsonObject Span(TestSpan span)
    {
        var json = new JsonObject
        {
            [Name("traceId")] = Id(span.TraceId),
            [Name("spanId")] = Id(span.Id),
            ["name"] = span.Name,
            ["kind"] = style == OtlpStyle.Names ? Kinds[span.Kind] : span.Kind,
            [Name("startTimeUnixNano")] = Number(span.StartNanoseconds),
            [Name("endTimeUnixNano")] = Number(span.EndNanoseconds),
            ["attributes"] = Attributes(span.Attributes),
            ["events"] = new JsonArray([.. span.Events.Select(e => new JsonObject { ["name"] = e.Name, [Name("timeUnixNano")] = Number(span.StartNanoseconds), ["attributes"] = Attributes(e.Attributes) })]),
            ["links"] = new JsonArray([.. span.Links.Select(link => new JsonObject { [Name("traceId")] = Id(span.TraceId), [Name("spanId")] = Id(link) })]),
            ["status"] = span.Status == 0 ? [] : new JsonObject { ["code"] = style == OtlpStyle.Names ? "STATUS_CODE_ERROR" : span.Status, ["message"] = span.Words },
        };
        if (span.Parent is not null)
        {
            json[Name("parentSpanId")] = Id(span.Parent);
        }
        else if (style == OtlpStyle.Canonical)
        {
            json["parentSpanId"] = "";
        }

        return json;
    }

    private string Name(string camel) => style == OtlpStyle.Snake ? string.Concat(camel.Select(static c => char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}")) : camel;

    private string Id(string hex) => style switch
    {
        OtlpStyle.Base64 => Convert.ToBase64String(Convert.FromHexString(hex)),
        OtlpStyle.Upper => hex.ToUpperInvariant(),
        _ => hex,
    };

    private JsonNode Number(ulong value) => style == OtlpStyle.Numbers ? value : value.ToString();

    private JsonArray Attributes(IEnumerable<(string Key, object Value)> values) => [.. values.Select(entry => new JsonObject { ["key"] = entry.Key, ["value"] = Any(entry.Value) })];

    private JsonObject Any(object value) => value switch
    {
        bool flag => new() { [Name("boolValue")] = flag },
        long number => new() { [Name("intValue")] = style == OtlpStyle.Numbers ? number : number.ToString() },
        double number => new() { [Name("doubleValue")] = number },
        string[] list => new() { [Name("arrayValue")] = new JsonObject { ["values"] = new JsonArray([.. list.Select(Any)]) } },
        JsonObject members => new() { [Name("kvlistValue")] = new JsonObject { ["values"] = new JsonArray([.. members.Select(member => new JsonObject { ["key"] = member.Key, ["value"] = Any(member.Value!) })]) } },
        JsonArray list => new() { [Name("arrayValue")] = new JsonObject { ["values"] = new JsonArray([.. list.Select(entry => Any(entry!))]) } },
        JsonValue scalar => scalar.GetValueKind() == JsonValueKind.String ? Any(scalar.GetValue<string>()) : Any((long)scalar.GetValue<int>()),
        _ => new() { [Name("stringValue")] = (string)value },
    };
}

/// <summary>What differs between those who write OTLP as JSON.</summary>
public enum OtlpStyle
{
    Canonical,
    Numbers,
    Base64,
    Upper,
    Names,
    Snake,
    ResourceLast,
    NoResource,
}
