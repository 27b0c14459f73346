using System.Text;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>Events of the Messages API: a message that starts empty, blocks by their index, and usage that is told as it grows.</summary>
internal sealed class MessagesStream : StreamAssembly
{
    private readonly SortedDictionary<int, Block> blocks = [];
    private readonly OrderedDictionary<string, JsonElement> usage = new(StringComparer.Ordinal);
    private JsonElement message;
    private JsonElement stopReason;

    public override void Add(JsonElement streamed)
    {
        switch (JsonText.MemberOrNull(streamed, "type"))
        {
            case "message_start":
                message = JsonText.Member(streamed, "message");
                AddUsage(JsonText.Member(message, "usage"));
                break;
            case "content_block_start":
                BlockOf(streamed).Start = JsonText.Member(streamed, "content_block");
                break;
            case "content_block_delta":
                AddDelta(BlockOf(streamed), JsonText.Member(streamed, "delta"));
                break;
            case "message_delta":
                stopReason = JsonText.Member(JsonText.Member(streamed, "delta"), "stop_reason");
                AddUsage(JsonText.Member(streamed, "usage"));
                break;
        }
    }

    protected override void Write(Utf8JsonWriter writer)
    {
        Write(writer, "id", JsonText.Member(message, "id"));
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        Write(writer, "model", JsonText.Member(message, "model"));
        writer.WriteStartArray("content");
        foreach (var block in blocks.Values)
        {
            Write(writer, block);
        }

        writer.WriteEndArray();
        Write(writer, "stop_reason", stopReason);
        if (usage.Count > 0)
        {
            writer.WriteStartObject("usage");
            foreach (var (name, value) in usage)
            {
                Write(writer, name, value);
            }

            writer.WriteEndObject();
        }
    }

    private void AddDelta(Block block, JsonElement delta)
    {
        block.Text = Append(block.Text, JsonText.Member(delta, "text"));
        block.Thinking = Append(block.Thinking, JsonText.Member(delta, "thinking"));
        block.Signature = Append(block.Signature, JsonText.Member(delta, "signature"));
        block.Input = Append(block.Input, JsonText.Member(delta, "partial_json"));
    }

    private void Write(Utf8JsonWriter writer, Block block)
    {
        writer.WriteStartObject();
        WriteBut(writer, block.Start, "text", "thinking", "signature", "input");
        Write(writer, "text", Begun(block, "text", block.Text));
        Write(writer, "thinking", Begun(block, "thinking", block.Thinking));
        Write(writer, "signature", Begun(block, "signature", block.Signature));
        if (block.Input is { Length: > 0 } input)
        {
            Write(writer, "input", input);
        }
        else
        {
            Write(writer, "input", JsonText.Member(block.Start, "input"));
        }

        writer.WriteEndObject();
    }

    // A block may start with a beginning of what it says.
    private StringBuilder? Begun(Block block, string member, StringBuilder? rest)
    {
        var begun = Append(text: null, JsonText.Member(block.Start, member));
        return begun is null ? rest : begun.Append(rest);
    }

    private void AddUsage(JsonElement counts)
    {
        if (counts.ValueKind == JsonValueKind.Object)
        {
            foreach (var count in counts.EnumerateObject())
            {
                if (count.Value.ValueKind != JsonValueKind.Null)
                {
                    usage[JsonText.Name(count, out _)] = count.Value;
                }
            }
        }
    }

    private Block BlockOf(JsonElement streamed)
    {
        var index = JsonText.Member(streamed, "index") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : 0;
        if (!blocks.TryGetValue(index, out var block))
        {
            blocks.Add(index, block = new Block());
        }

        return block;
    }

    private sealed class Block
    {
        public JsonElement Start { get; set; }

        public StringBuilder? Text { get; set; }

        public StringBuilder? Thinking { get; set; }

        public StringBuilder? Signature { get; set; }

        public StringBuilder? Input { get; set; }
    }
}
