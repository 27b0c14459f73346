using System.Text;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>Responses of Gemini, each with more parts of the first candidate; texts that follow each other are one text.</summary>
internal sealed class GeminiStream : StreamAssembly
{
    private readonly List<Part> parts = [];
    private JsonElement id;
    private JsonElement model;
    private JsonElement usage;
    private JsonElement finishReason;

    public override void Add(JsonElement streamed)
    {
        if (JsonText.Member(streamed, "responseId") is { ValueKind: JsonValueKind.String } responseId)
        {
            id = responseId;
        }

        if (JsonText.Member(streamed, "modelVersion") is { ValueKind: JsonValueKind.String } version)
        {
            model = version;
        }

        if (JsonText.Member(streamed, "usageMetadata") is { ValueKind: JsonValueKind.Object } used)
        {
            usage = used;
        }

        if (JsonText.Member(streamed, "candidates") is not { ValueKind: JsonValueKind.Array } candidates)
        {
            return;
        }

        foreach (var candidate in candidates.EnumerateArray())
        {
            if (JsonText.Member(candidate, "index") is { ValueKind: JsonValueKind.Number } index && index.TryGetInt32(out var number) && number != 0)
            {
                continue;
            }

            if (JsonText.Member(candidate, "finishReason") is { ValueKind: JsonValueKind.String } reason)
            {
                finishReason = reason;
            }

            if (JsonText.Member(JsonText.Member(candidate, "content"), "parts") is { ValueKind: JsonValueKind.Array } more)
            {
                foreach (var part in more.EnumerateArray())
                {
                    AddPart(part);
                }
            }

            return;
        }
    }

    protected override void Write(Utf8JsonWriter writer)
    {
        Write(writer, "responseId", id);
        Write(writer, "modelVersion", model);
        writer.WriteStartArray("candidates");
        writer.WriteStartObject();
        writer.WriteStartObject("content");
        writer.WriteString("role", "model");
        writer.WriteStartArray("parts");
        foreach (var part in parts)
        {
            writer.WriteStartObject();
            WriteBut(writer, part.Source, part.Text is null ? [] : ["text", "thoughtSignature"]);
            Write(writer, "text", part.Text);
            Write(writer, "thoughtSignature", part.Signature);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        Write(writer, "finishReason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        Write(writer, "usageMetadata", usage);
    }

    private void AddPart(JsonElement source)
    {
        var text = JsonText.Member(source, "text");
        if (text.ValueKind != JsonValueKind.String)
        {
            parts.Add(new Part { Source = source });
            return;
        }

        if (parts.Count == 0 || parts[^1].Text is null || IsThought(parts[^1].Source) != IsThought(source))
        {
            parts.Add(new Part { Source = source });
        }

        var part = parts[^1];
        part.Text = Append(part.Text, text);
        if (JsonText.Member(source, "thoughtSignature") is { ValueKind: JsonValueKind.String } signature)
        {
            part.Signature = signature;
        }
    }

    private static bool IsThought(JsonElement part) => JsonText.Member(part, "thought").ValueKind == JsonValueKind.True;

    private sealed class Part
    {
        public required JsonElement Source { get; init; }

        public StringBuilder? Text { get; set; }

        public JsonElement Signature { get; set; }
    }
}
