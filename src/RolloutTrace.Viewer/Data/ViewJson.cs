using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>What the sections write in the same way. A member without a value is left out.</summary>
internal static class ViewJson
{
    // It is compressed, and no part of any markup.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // How much is gathered before it goes to the stream.
    private const int FlushBytes = 1 << 18;

    public static Utf8JsonWriter WriterTo(Stream stream) => new(stream, Options);

    /// <summary>
    /// Ends one object of many, which begins another for the ones behind it: what is written goes on to the stream now and then. A writer
    /// keeps the whole document otherwise, in arrays that double.
    /// </summary>
    public static void EndElement(this Utf8JsonWriter json)
    {
        json.WriteEndObject();
        if (json.BytesPending > FlushBytes)
        {
            json.Flush();
        }
    }

    /// <summary>A writer of members that are put into an object later.</summary>
    public static Utf8JsonWriter WriterTo(IBufferWriter<byte> members) => new(members, Options);

    public static void Text(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, ShownText.Of(value));
        }
    }

    public static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    public static void Flag(this Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, true);
        }
    }

    public static void Texts(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(ShownText.Of(value));
        }

        json.WriteEndArray();
    }

    /// <summary>Numbers as runs, each the first and the last of numbers that follow one another.</summary>
    public static void Runs(this Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        (int First, int Last)? run = null;
        foreach (var number in numbers)
        {
            if (run is { } open && number == open.Last + 1)
            {
                run = (open.First, number);
                continue;
            }

            End();
            run = (number, number);
        }

        End();
        json.WriteEndArray();

        void End()
        {
            if (run is { } open)
            {
                json.WriteStartArray();
                json.WriteNumberValue(open.First);
                json.WriteNumberValue(open.Last);
                json.WriteEndArray();
            }
        }
    }

    public static void Usage(this Utf8JsonWriter json, string name, RecordedTokenUsage? usage)
    {
        if (usage is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("input_tokens", usage.InputTokens);
        json.WriteNumber("cached_input_tokens", usage.CachedInputTokens);
        json.WriteNumber("cache_write_input_tokens", usage.CacheWriteInputTokens);
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteNumber("reasoning_output_tokens", usage.ReasoningOutputTokens);
        json.WriteEndObject();
    }

    public static void Evidence(this Utf8JsonWriter json, IReadOnlyList<Evidence> evidence)
    {
        if (evidence.Count == 0)
        {
            return;
        }

        json.WriteStartArray("evidence");
        foreach (var place in evidence)
        {
            if (place.PayloadPath is { } path)
            {
                json.WriteStringValue(path);
            }
            else
            {
                json.WriteNumberValue(place.Seq ?? 0);
            }
        }

        json.WriteEndArray();
    }
}
