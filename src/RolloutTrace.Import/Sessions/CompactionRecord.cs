using RolloutTrace.Wire;

namespace RolloutTrace.Import.Sessions;

/// <summary>A compaction as a log tells it.</summary>
internal sealed class CompactionRecord
{
    /// <summary>The turn in which it happened; null for the latest.</summary>
    public string? TurnId { get; init; }

    /// <summary>When it was installed, in milliseconds since the Unix epoch.</summary>
    public required long Time { get; init; }

    /// <summary>The model that made it; null if nobody says.</summary>
    public string? Model { get; init; }

    /// <summary>What the request for it used; null if nobody says.</summary>
    public TokenUsage? Tokens { get; set; }

    /// <summary>The new history; null if the log does not have it, and then it is unknown.</summary>
    public IReadOnlyList<HistoryItem>? Replacement { get; set; }

    /// <summary>What else the log says of it.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Log { get; init; } = [];

    /// <summary>The document <c>compaction_checkpoint</c>.</summary>
    /// <param name="before">The history before it. An item that strict readers take once only is left out.</param>
    public JsonPayload Checkpoint(IReadOnlyList<HistoryItem> before) => JsonBuilder.Make(json =>
    {
        json.WriteStartObject();
        json.WriteItems("input_history", before.Where(static item => item is { RefersToPayload: false } or { CallId: null }));
        json.WriteItems("replacement_history", Replacement ?? []);
        if (Replacement is null)
        {
            json.WriteString(PayloadMarkerName.Error, "the log does not have the history that a compaction left");
        }

        foreach (var (name, value) in Log)
        {
            json.WriteRaw(name, value);
        }

        json.WriteBoolean(ThreadWriter.Reconstructed, value: true);
        json.WriteEndObject();
    });
}
