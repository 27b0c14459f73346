using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>
/// Writes JSON again with its contents replaced. What a text becomes depends on the text and on what is known of its place, never
/// on what stands around it. Not safe for concurrent use.
/// </summary>
internal sealed class JsonScrubber(Replacements texts, KeepList keep)
{
    /// <summary>Names what is not the recorder's: a member that stands for what was cut, and markers.</summary>
    public const string Marker = "rollout_trace_scrubbed";

    // The harness's own, which counts neither for the reducer nor for its summaries.
    private const string PassthroughMember = "internal_chat_message_metadata_passthrough";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonDocumentOptions ReaderOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly List<string> way = [];

    /// <summary>Writes a document.</summary>
    /// <exception cref="JsonException">It is no JSON, or nested too deep.</exception>
    public void Write(ReadOnlyMemory<byte> utf8Json, Place place, IBufferWriter<byte> target)
    {
        using var document = JsonDocument.Parse(utf8Json, ReaderOptions);
        var whole = place.Whole(document.RootElement);
        Write(whole.ValueKind == JsonValueKind.Undefined ? document.RootElement : whole, place, target);
    }

    /// <summary>Writes a value.</summary>
    public void Write(JsonElement value, Place place, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target, WriterOptions);
        Write(value, place, writer);
    }

    private void Write(JsonElement value, Place place, Utf8JsonWriter writer)
    {
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && place.IsSummarized(value))
        {
            WriteSummarized(value, place, writer);
        }
        else
        {
            WriteValue(value, place, writer, beginning: null);
        }
    }

    // A summary is cut, so two values are the same when their beginnings are. If either form of the value is cut, the new one
    // begins with something that stands for the old one's whole summary.
    private void WriteSummarized(JsonElement value, Place place, Utf8JsonWriter writer)
    {
        var old = Summarize(value);
        var plain = new ArrayBufferWriter<byte>();
        using (var plainWriter = new Utf8JsonWriter(plain, WriterOptions))
        {
            WriteValue(value, place, plainWriter, beginning: null);
        }

        using var written = JsonDocument.Parse(plain.WrittenMemory, ReaderOptions);
        var fresh = Summarize(written.RootElement);
        if (fresh == old || (old is not null && fresh is not null && !IsCut(old) && !IsCut(fresh)))
        {
            writer.WriteRawValue(plain.WrittenSpan, skipInputValidation: true);
            return;
        }

        WriteValue(value, place, writer, old is null ? "\\ud800" : texts.Token(old).PadRight(CompactJson.MaxSummaryBytes, 'z'));
    }

    private void WriteValue(JsonElement value, Place place, Utf8JsonWriter writer, string? beginning)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                if (beginning is not null)
                {
                    writer.WritePropertyName(Marker);
                    writer.WriteRawValue($"\"{beginning}\"", skipInputValidation: true);
                }

                foreach (var member in value.EnumerateObject())
                {
                    WriteMember(value, member, place, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                if (beginning is not null)
                {
                    writer.WriteRawValue($"\"{beginning}\"", skipInputValidation: true);
                }

                foreach (var entry in value.EnumerateArray())
                {
                    Write(entry, place.Entries ?? Place.Content, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                WriteText(value, place, writer);
                break;
            default:
                Copy(value, writer);
                break;
        }
    }

    private void WriteMember(JsonElement parent, JsonProperty member, Place place, Utf8JsonWriter writer)
    {
        var name = JsonText.Name(member, out var isSound);
        if (!isSound)
        {
            WriteNameless(member, writer);
            return;
        }

        way.Add(name);
        if (keep.Contains(way))
        {
            writer.WritePropertyName(name);
            Copy(member.Value, writer);
        }
        else
        {
            var inside = place.Member(parent, name);
            writer.WritePropertyName(inside != Place.Content || KnownNames.Contains(name) || name == PassthroughMember ? name : texts.Token(name));
            Write(member.Value, inside, writer);
        }

        way.RemoveAt(way.Count - 1);
    }

    // A name that cannot be decoded names no member. But it can hide one: who looks for a name as long as it, and the same up to
    // its first escape, stumbles over it. The copy must hide the same names, so it keeps the length, and that beginning if it is one
    // of a known name.
    private void WriteNameless(JsonProperty member, Utf8JsonWriter writer)
    {
        var raw = Encoding.Latin1.GetString(JsonMarshal.GetRawUtf8PropertyName(member));
        var escape = raw.IndexOf('\\', StringComparison.Ordinal);
        if (escape < 0)
        {
            writer.WritePropertyName(texts.Token(raw));
            Write(member.Value, Place.Content, writer);
            return;
        }

        var beginning = KnownNames.BeginWith(raw[..escape]) ? raw[..escape] : texts.Token(raw)[..Math.Min(escape, 17)].PadRight(escape, 'z');
        var value = new ArrayBufferWriter<byte>();
        value.Write(Encoding.ASCII.GetBytes($"\"{(beginning + "\\ud800").PadRight(raw.Length, 'z')}\":"));
        Write(member.Value, Place.Content, value);
        writer.WriteRawValue(value.WrittenSpan, skipInputValidation: true);
    }

    private void WriteText(JsonElement value, Place place, Utf8JsonWriter writer)
    {
        if (JsonText.OrNull(value) is not { } text)
        {
            // What is no valid text stays none: the reducer refuses it.
            var raw = Encoding.Latin1.GetString(JsonMarshal.GetRawUtf8Value(value));
            writer.WriteRawValue($"\"{texts.Token(raw)}\\ud800\"", skipInputValidation: true);
            return;
        }

        writer.WriteStringValue(place.IsStructure ? texts.Structure(text) : Replace(text, place.InText ?? Place.Content));
    }

    private string Replace(string text, Place inside)
    {
        if (text.Length == 0)
        {
            return text;
        }

        return texts.AgentPath(text) ?? ReplaceJson(text, inside) ?? texts.Token(text);
    }

    // Null for what the reducer does not take for JSON either.
    private string? ReplaceJson(string text, Place inside)
    {
        if (!MayBeJson(text))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, ReaderOptions);
            if (Summarize(document.RootElement) is not { } summary)
            {
                return null;
            }

            var target = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(target, WriterOptions))
            {
                WriteInText(document.RootElement, inside, summary, writer);
            }

            // The reducer compares JSON by its summary and texts whole: texts of one summary get one value, but differ behind it.
            var json = Encoding.UTF8.GetString(target.WrittenSpan);
            return summary == text ? json : json + texts.Blank(text);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private void WriteInText(JsonElement value, Place inside, string summary, Utf8JsonWriter writer)
    {
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            WriteSummarized(value, inside, writer);
        }
        else
        {
            writer.WriteStringValue(texts.Token(summary));
        }
    }

    private static bool MayBeJson(string text) =>
        text.AsSpan().TrimStart(" \t\n\r") is [var first, ..] && (first is '{' or '[' or '"' or '-' or 't' or 'f' or 'n' || char.IsAsciiDigit(first));

    private static void Copy(JsonElement value, Utf8JsonWriter writer) => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    private static bool IsCut(string summary) => summary.EndsWith("...", StringComparison.Ordinal);

    // Null where the reducer finds a text that is none.
    private static string? Summarize(JsonElement value) => CompactJson.Summarize(value, PassthroughMember);
}
