using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What Python prints of a dictionary or a list, such as <c>{'city': 'Oslo', 'days': None}</c>, as the JSON that it stands for.</summary>
internal static class PythonLiteral
{
    private const int MaxDepth = 64;
    private const int MaxText = 1 << 20;

    /// <summary>The JSON; null if the text is no such thing.</summary>
    public static string? ToJson(string text)
    {
        if (text.Length is < 2 or > MaxText || text[0] is not ('{' or '[') || JsonValue.Parse(text) is not null)
        {
            return null;
        }

        var at = 0;
        var json = new StringBuilder(text.Length);
        return TryValue(text, ref at, json, depth: 0) && Rest(text, at) == text.Length ? json.ToString() : null;
    }

    private static bool TryValue(string text, ref int at, StringBuilder json, int depth)
    {
        at = Rest(text, at);
        if (at >= text.Length || depth > MaxDepth)
        {
            return false;
        }

        switch (text[at])
        {
            case '{':
                return TryList(text, ref at, json, '{', '}', depth);
            case '[':
                return TryList(text, ref at, json, '[', ']', depth);
            case '\'' or '"':
                return TryString(text, ref at, json);
            default:
                return TryWord(text, ref at, json);
        }
    }

    private static bool TryList(string text, ref int at, StringBuilder json, char open, char close, int depth)
    {
        json.Append(open);
        at = Rest(text, at + 1);
        for (var isFirst = true; at < text.Length && text[at] != close; isFirst = false)
        {
            if (!isFirst)
            {
                if (text[at] != ',')
                {
                    return false;
                }

                at = Rest(text, at + 1);
                json.Append(',');
            }

            if (open == '{')
            {
                if (at >= text.Length || text[at] is not ('\'' or '"') || !TryString(text, ref at, json) || (at = Rest(text, at)) >= text.Length || text[at++] != ':')
                {
                    return false;
                }

                json.Append(':');
            }

            if (!TryValue(text, ref at, json, depth + 1))
            {
                return false;
            }

            at = Rest(text, at);
        }

        json.Append(close);
        return at++ < text.Length;
    }

    private static bool TryString(string text, ref int at, StringBuilder json)
    {
        var quote = text[at++];
        var value = new StringBuilder();
        for (; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] != '\\')
            {
                value.Append(text[at]);
                continue;
            }

            if (++at >= text.Length)
            {
                return false;
            }

            var digits = text[at] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits == 0)
            {
                value.Append(text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
            }
            else if (at + digits < text.Length && int.TryParse(text.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code <= 0x10ffff)
            {
                value.Append(code is > 0xffff ? char.ConvertFromUtf32(code) : ((char)code).ToString());
                at += digits;
            }
            else
            {
                return false;
            }
        }

        json.Append(Encoding.UTF8.GetString(JsonValue.Written(writer => writer.WriteStringValue(value.ToString()))));
        return at++ < text.Length;
    }

    private static bool TryWord(string text, ref int at, StringBuilder json)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-' or '+'))
        {
            end++;
        }

        var word = text[at..end];
        at = end;
        var value = word switch
        {
            "None" => "null",
            "True" => "true",
            "False" => "false",
            _ => JsonValue.Parse(word) is { ValueKind: JsonValueKind.Number } ? word : null,
        };
        json.Append(value);
        return value is not null;
    }

    private static int Rest(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
