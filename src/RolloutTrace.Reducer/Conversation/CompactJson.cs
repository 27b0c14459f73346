using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Writes a JSON value in the one form in which json parts are compared: no white space, members in document order,
/// numbers as written, strings escaped as little as JSON allows.
/// </summary>
internal ref struct CompactJson
{
    /// <summary>The length at which a summary is cut, in bytes of UTF-8.</summary>
    public const int MaxSummaryBytes = 240;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private readonly int limit;
    private Span<byte> buffer;
    private int length;
    private bool isSound = true;

    // What does not fit behind the limit is cut behind a whole character, which leaves the buffer fuller than that.
    private CompactJson(Span<byte> buffer, int limit)
    {
        this.buffer = buffer;
        this.limit = limit;
    }

    private readonly bool IsFull => length > limit || !isSound;

    /// <summary>The value's text, cut at <see cref="MaxSummaryBytes"/>, at a character's start, and then marked by <c>...</c>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="leaveOut">Members of the value, if it is an object, that do not count.</param>
    /// <returns>The text; null if a string in the beginning, or the name of a member of an object there, is not valid Unicode.</returns>
    public static string? Summarize(JsonElement value, params ReadOnlySpan<string> leaveOut)
    {
        var writer = new CompactJson(stackalloc byte[MaxSummaryBytes + 8], MaxSummaryBytes);
        writer.Write(value, leaveOut);
        if (!writer.isSound)
        {
            return null;
        }

        if (!writer.IsFull)
        {
            return writer.ToString();
        }

        var end = MaxSummaryBytes;
        while ((writer.buffer[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return Encoding.UTF8.GetString(writer.buffer[..end]) + "...";
    }

    /// <summary>The value's whole text, without some members if it is an object; null if a string or a name in it is not valid Unicode.</summary>
    public static string? Of(JsonElement value, params ReadOnlySpan<string> leaveOut)
    {
        var writer = new CompactJson(stackalloc byte[512], limit: int.MaxValue);
        writer.Write(value, leaveOut);
        return writer.isSound ? writer.ToString() : null;
    }

    public override readonly string ToString() => Encoding.UTF8.GetString(buffer[..length]);

    private void Write(JsonElement value, ReadOnlySpan<string> leaveOut)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, leaveOut);
                break;
            case JsonValueKind.Array:
                WriteArray(value);
                break;
            case JsonValueKind.String:
                WriteString(JsonText.Read(value, out var isText));
                isSound &= isText;
                break;
            case JsonValueKind.Number:
                WriteNumber(value.GetRawText());
                break;
            default:
                WriteText(value.GetRawText());
                break;
        }
    }

    private void WriteObject(JsonElement value, ReadOnlySpan<string> leaveOut)
    {
        // Readers of JSON let the last of several members with one name count; it stands where the first one does.
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[JsonText.Name(member, out var isName)] = member.Value;
            isSound &= isName;
        }

        foreach (var name in leaveOut)
        {
            members.Remove(name);
        }

        WriteText("{");
        var first = true;
        foreach (var (name, member) in members)
        {
            if (IsFull)
            {
                return;
            }

            if (!first)
            {
                WriteText(",");
            }

            first = false;
            WriteString(name);
            WriteText(":");
            Write(member, []);
        }

        WriteText("}");
    }

    private void WriteArray(JsonElement value)
    {
        WriteText("[");
        var first = true;
        foreach (var element in value.EnumerateArray())
        {
            if (IsFull)
            {
                return;
            }

            if (!first)
            {
                WriteText(",");
            }

            first = false;
            Write(element, []);
        }

        WriteText("]");
    }

    private void WriteNumber(string text)
    {
        var exponent = text.AsSpan().IndexOfAny('e', 'E');
        if (exponent < 0)
        {
            WriteText(text == "-0" ? "0" : text);
            return;
        }

        WriteText(text.AsSpan(0, exponent));
        WriteText("e");
        var digits = text.AsSpan(exponent + 1);
        WriteText(digits[0] is '+' or '-' ? "" : "+");
        WriteText(digits);
    }

    private void WriteString(ReadOnlySpan<char> text)
    {
        WriteText("\"");
        while (!IsFull && text.IndexOfAny(Escaped) is >= 0 and var next)
        {
            WriteText(text[..next]);
            WriteText(Escape(text[next]));
            text = text[(next + 1)..];
        }

        WriteText(text);
        WriteText("\"");
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => $"\\u{(int)c:x4}",
    };

    private void WriteText(ReadOnlySpan<char> text)
    {
        if (IsFull)
        {
            return;
        }

        if (limit == int.MaxValue && buffer.Length - length < Encoding.UTF8.GetMaxByteCount(text.Length))
        {
            var larger = new byte[Math.Max(2 * buffer.Length, length + Encoding.UTF8.GetMaxByteCount(text.Length))];
            buffer[..length].CopyTo(larger);
            buffer = larger;
        }

        Utf8.FromUtf16(text, buffer[length..], out _, out var written);
        length += written;
    }
}
