using System.Text.Json;

namespace RolloutTrace.Content;

/// <summary>A message as OpenTelemetry's conventions have it: a role and parts, at least one.</summary>
internal sealed class GenAIMessage(string role, string? name) : IContentEntry
{
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    private readonly List<GenAIPart> parts = [];

    public string Role { get; } = role;

    /// <summary>Who speaks, where the role does not say it.</summary>
    public string? Name { get; } = name;

    public bool IsEmpty => parts.Count == 0;

    public bool IsSystem => Role is "system" or "developer";

    public bool SaysText => parts.Exists(static part => part.IsText);

    /// <summary>Of a message that a model gave, why it stopped; null for others.</summary>
    public string? FinishReason { get; init; }

    public long WireBytes { get; private set; }

    public void Add(in GenAIPart part)
    {
        parts.Add(part);
        WireBytes += part.WireBytes;
    }

    public void WriteTo(Utf8JsonWriter writer, int maxText)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, Role);
        writer.WriteStartArray("parts"u8);
        foreach (var part in parts)
        {
            part.WriteTo(writer, maxText);
        }

        writer.WriteEndArray();
        if (Name is not null)
        {
            writer.WriteString("name"u8, Name);
        }

        if (FinishReason is not null)
        {
            writer.WriteString("finish_reason"u8, FinishReason);
        }

        writer.WriteEndObject();
    }

    // Its beginning and its end say more than its middle.
    public IContentEntry? Thinned()
    {
        if (parts.Count <= 1)
        {
            return null;
        }

        var thinned = new GenAIMessage(Role, Name) { FinishReason = FinishReason };
        var first = parts.Count / 4;
        var last = Math.Max(parts.Count / 4, 1);
        for (var i = 0; i < parts.Count; i++)
        {
            if (i < first || i >= parts.Count - last)
            {
                thinned.Add(parts[i]);
            }
        }

        return thinned;
    }
}
