using System.Globalization;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Otlp;

/// <summary>Reads <c>ExportLogsServiceRequest</c> as JSON, of log records what matters to bundles. Members have the names of protobuf's JSON, or of its fields.</summary>
internal static class LogsJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    public static List<LogRecordFields> Read(ReadOnlyMemory<byte> request)
    {
        try
        {
            using var document = JsonDocument.Parse(request, Options);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"is no OTLP message in JSON: {e.Message}", e);
        }
    }

    public static List<LogRecordFields> Read(JsonElement root)
    {
        try
        {
            root = root.ValueKind == JsonValueKind.Object ? root : throw new InvalidDataException("is no OTLP message in JSON: it is no object");
            return [.. Items(root, "resourceLogs", "resource_logs").SelectMany(static logs => Items(logs, "scopeLogs", "scope_logs")).SelectMany(static logs => Items(logs, "logRecords", "log_records")).Select(Record)];
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"is no OTLP message in JSON: {e.Message}", e);
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement owner, string name, string fieldName) => Member(owner, name, fieldName) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
        _ => throw new InvalidDataException($"is no OTLP message in JSON: {name} is no array"),
    };

    private static LogRecordFields Record(JsonElement record)
    {
        var fields = new LogRecordFields { EventName = Member(record, "eventName", "event_name")?.GetString() };
        if (Member(record, "body", "body") is { } body)
        {
            if (Member(body, "stringValue", "string_value")?.GetString() is { } text)
            {
                fields.SetBody(text);
            }
            else if (Member(body, "bytesValue", "bytes_value") is { } bytes)
            {
                fields.SetBody(bytes.GetBytesFromBase64(), isBytes: true);
            }
        }

        foreach (var attribute in Items(record, "attributes", "attributes"))
        {
            if (Member(attribute, "key", "key")?.GetString() is { } key && Member(attribute, "value", "value") is { } value)
            {
                Add(key, value, fields);
            }
        }

        return fields;
    }

    private static void Add(string key, JsonElement value, LogRecordFields fields)
    {
        if (Member(value, "stringValue", "string_value")?.GetString() is { } text)
        {
            fields.Add(key, text);
        }
        else if (Member(value, "intValue", "int_value") is { } number)
        {
            // 64 bits are a string in protobuf's JSON; many write a number.
            fields.Add(key, number.ValueKind == JsonValueKind.String ? long.Parse(number.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : number.GetInt64());
        }
    }

    private static JsonElement? Member(JsonElement owner, string name, string fieldName)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"is no OTLP message in JSON: what should have {name} is no object");
        }

        return (owner.TryGetProperty(name, out var value) || owner.TryGetProperty(fieldName, out value)) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
