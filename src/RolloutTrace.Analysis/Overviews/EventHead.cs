using System.Text.Json;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>The few members of an event line that an overview needs.</summary>
internal readonly record struct EventHead
{
    public long? WallTimeUnixMs { get; init; }

    public string? Type { get; init; }

    public string? AgentPath { get; init; }

    public string? Model { get; init; }

    public string? Status { get; init; }

    public string? ResponsePath { get; init; }

    /// <exception cref="JsonException">The line is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A member has another type than it must have.</exception>
    public static EventHead Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var head = default(EventHead);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return head;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("wall_time_unix_ms"u8))
            {
                reader.Read();
                head = head with { WallTimeUnixMs = reader.GetInt64() };
            }
            else if (reader.ValueTextEquals("payload"u8))
            {
                reader.Read();
                head = Payload(ref reader, head);
            }
            else
            {
                reader.Skip();
            }
        }

        return head;
    }

    private static EventHead Payload(ref Utf8JsonReader reader, EventHead head)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                head = head with { Type = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("agent_path"u8))
            {
                head = head with { AgentPath = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                head = head with { Model = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                head = head with { Status = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("response_payload"u8))
            {
                reader.Read();
                head = head with { ResponsePath = Path(ref reader) };
            }
            else
            {
                reader.Skip();
            }
        }

        return head;
    }

    private static string? Path(ref Utf8JsonReader reader)
    {
        string? path = null;
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("path"u8))
            {
                path = Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return path;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }
}
