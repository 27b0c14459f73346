using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Requests;

/// <summary>
/// The parameters of a request that mean the same in all APIs, by one name each. Whether an answer streams is none: it is the same answer.
/// </summary>
internal static class ParameterReader
{
    private const string Prefix = "gen_ai.request.";
    private const string Type = "gen_ai.output.type";

    public static IReadOnlyDictionary<string, string> Read(JsonElement request)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        RequestParameters.Read(JsonMarshal.GetRawUtf8Value(request)).Tell(found, static (all, name, value) =>
        {
            if (name != RolloutAttributes.GenAI.RequestStream && !(name == Type && value is "text"))
            {
                all[name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name] = Words(value);
            }
        });
        if (Schema(request) is { ValueKind: JsonValueKind.Object } schema)
        {
            found["response schema"] = ToolReader.Schema(schema);
        }

        if (Choice(JsonText.Member(request, "tool_choice")) is { } choice)
        {
            found["tool_choice"] = choice;
        }

        return found;
    }

    private static string Words(object value) => value switch
    {
        string[] several => string.Join(", ", several),
        double number => ((float)number).ToString(System.Globalization.CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(format: null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static JsonElement Schema(JsonElement request)
    {
        var format = JsonText.Member(request, "response_format");
        return First(
            JsonText.Member(JsonText.Member(format, "json_schema"), "schema"),
            JsonText.Member(format, "schema"),
            JsonText.Member(JsonText.Member(JsonText.Member(request, "text"), "format"), "schema"));
    }

    private static JsonElement First(params ReadOnlySpan<JsonElement> values)
    {
        foreach (var value in values)
        {
            if (value.ValueKind != JsonValueKind.Undefined)
            {
                return value;
            }
        }

        return default;
    }

    // Automatic is what it is where nobody says anything; a tool stands at one of two places.
    private static string? Choice(JsonElement choice) => choice.ValueKind switch
    {
        JsonValueKind.String => JsonText.OrNull(choice) is { } word and not "auto" ? word : null,
        JsonValueKind.Object => JsonText.MemberOrNull(choice, "name") ?? JsonText.MemberOrNull(JsonText.Member(choice, "function"), "name") ?? Typed(choice),
        _ => null,
    };

    private static string? Typed(JsonElement choice) => JsonText.MemberOrNull(choice, "type") switch
    {
        "auto" => null,
        "any" => "required",
        var word => word,
    };
}
