using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Requests;

/// <summary>JSON in one form, however it was laid out: members by their names, no space between them.</summary>
internal static class CanonicalJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>A value in the one form.</summary>
    /// <param name="value">The value.</param>
    /// <param name="left">Members of it that do not count.</param>
    public static string Of(JsonElement value, params ReadOnlySpan<string> left)
    {
        var text = new StringBuilder();
        Write(text, value, left);
        return text.ToString();
    }

    /// <summary>A text in the one form if it is a JSON object or a list; itself if it is a text, without quotes if it is a JSON string.</summary>
    public static string OfText(string text)
    {
        if (text.AsSpan().TrimStart() is not [('{' or '[' or '"'), ..])
        {
            return text;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return JsonText.Read(document.RootElement, out _) ?? Of(document.RootElement);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>What a tool gave, in the one form. Some APIs take objects only, so that clients put anything else into a member of one.</summary>
    public static string OfOutput(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{', ..])
        {
            return OfText(text);
        }

        try
        {
            using var document = JsonDocument.Parse(text, Options);
            var members = document.RootElement.EnumerateObject();
            return members.MoveNext() && JsonText.Name(members.Current, out _) is "result" or "output" && members.Current.Value is var only && !members.MoveNext()
                ? JsonText.Read(only, out _) ?? Of(only)
                : Of(document.RootElement);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static void Write(StringBuilder text, JsonElement value, ReadOnlySpan<string> left)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(text, value, left);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var before = "";
                foreach (var entry in value.EnumerateArray())
                {
                    text.Append(before);
                    Write(text, entry, []);
                    before = ",";
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append('"').Append(JsonText.Read(value, out _)).Append('"');
                break;
            case JsonValueKind.Undefined:
                break;
            default:
                text.Append(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)));
                break;
        }
    }

    private static void WriteMembers(StringBuilder text, JsonElement value, ReadOnlySpan<string> left)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonText.Name(member, out _);
            if (!left.Contains(name))
            {
                members[name] = member.Value;
            }
        }

        text.Append('{');
        var before = "";
        foreach (var (name, inner) in members)
        {
            text.Append(before).Append('"').Append(name).Append("\":");
            Write(text, inner, []);
            before = ",";
        }

        text.Append('}');
    }
}
