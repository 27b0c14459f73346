using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Payloads;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>The values of attributes: of the types that they had, and as JSON where they were structured.</summary>
internal static class OtlpValue
{
    private static readonly string[] Names =
    [
        "stringValue", "string_value", "boolValue", "bool_value", "intValue", "int_value", "doubleValue", "double_value",
        "arrayValue", "array_value", "kvlistValue", "kvlist_value", "bytesValue", "bytes_value",
    ];

    /// <summary>The value of an attribute; null for none.</summary>
    /// <param name="value">An <c>AnyValue</c>, or the value itself.</param>
    public static object? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Plain(value);
        }

        foreach (var member in value.EnumerateObject())
        {
            if (Array.IndexOf(Names, JsonText.Name(member, out _)) is var index and >= 0)
            {
                return Of(Names[index & ~1], member.Value, value);
            }
        }

        // An empty value, or one of a library's own.
        return value.EnumerateObject().Any() ? Copy(value) : null;
    }

    /// <summary>A value of a type that is told by name, as Jaeger does; numbers may be texts.</summary>
    public static object? Typed(string? type, JsonElement value) => type switch
    {
        "int64" => Integer(value),
        "float64" => Real(value),
        "bool" => value.ValueKind == JsonValueKind.True || JsonText.OrNull(value) is "true",
        _ => Plain(value),
    };

    private static object? Of(string name, JsonElement inner, JsonElement value) => name switch
    {
        "boolValue" => inner.ValueKind == JsonValueKind.True || JsonText.OrNull(inner) is "true",
        "intValue" => Integer(inner),
        "doubleValue" => Real(inner),
        "arrayValue" => List(inner, value),
        "kvlistValue" => Json(value),
        "bytesValue" => Bytes(JsonText.Read(inner, out _)),
        _ => JsonText.Read(inner, out _),
    };

    /// <summary>Bytes: some SDKs put JSON there, which is what is said; others are base64.</summary>
    public static string Bytes(ReadOnlySpan<byte> bytes) =>
        bytes is [(byte)'{' or (byte)'[', ..] && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Convert.ToBase64String(bytes);

    private static string? Bytes(string? base64)
    {
        Span<byte> bytes = base64 is { Length: > 1024 } ? new byte[base64.Length] : stackalloc byte[1024];
        return base64 is null || !Convert.TryFromBase64String(base64, bytes, out var length) ? base64 : Bytes(bytes[..length]);
    }

    private static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonText.Read(value, out _),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var number) ? number : value.GetDouble(),
        JsonValueKind.Array => Copy(value),
        _ => null,
    };

    private static object? List(JsonElement inner, JsonElement value)
    {
        var values = OtlpJson.Entries(inner.ValueKind == JsonValueKind.Array ? inner : JsonText.Member(inner, "values")).Select(Read).ToList();
        return values.TrueForAll(static entry => entry is string) ? values.Cast<string>().ToArray() : Json(value);
    }

    private static object? Integer(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when long.TryParse(JsonText.OrNull(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => JsonText.Read(value, out _),
    };

    private static object? Real(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(JsonText.OrNull(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => JsonText.Read(value, out _),
    };

    private static JsonElement Copy(JsonElement value) => JsonElement.Parse(JsonMarshal.GetRawUtf8Value(value));

    // The value that it stands for, as JSON has it.
    private static JsonElement Json(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions))
        {
            Write(json, value);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        if (Inner(value, "kvlistValue", "kvlist_value") is { ValueKind: not JsonValueKind.Undefined } members)
        {
            json.WriteStartObject();
            foreach (var entry in OtlpJson.Entries(members.ValueKind == JsonValueKind.Array ? members : JsonText.Member(members, "values")))
            {
                json.WritePropertyName(JsonText.Read(JsonText.Member(entry, "key"), out _) ?? "");
                Write(json, JsonText.Member(entry, "value"));
            }

            json.WriteEndObject();
        }
        else if (Inner(value, "arrayValue", "array_value") is { ValueKind: not JsonValueKind.Undefined } list)
        {
            json.WriteStartArray();
            foreach (var entry in OtlpJson.Entries(list.ValueKind == JsonValueKind.Array ? list : JsonText.Member(list, "values")))
            {
                Write(json, entry);
            }

            json.WriteEndArray();
        }
        else
        {
            WriteScalar(json, Read(value));
        }
    }

    private static JsonElement Inner(JsonElement value, string name, string otherName) =>
        JsonText.Member(value, name) is { ValueKind: not JsonValueKind.Undefined } inner ? inner : JsonText.Member(value, otherName);

    /// <summary>Writes a value that is not structured.</summary>
    public static void WriteScalar(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case JsonElement element:
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
