using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>One line of the event log: an observation with its place in the causal order.</summary>
public sealed record RawEvent
{
    /// <summary>How lines are written. Escaped as little as JSON allows: the log is read as JSON, never put into a page.</summary>
    internal static readonly JsonWriterOptions LineFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Version of the bundle format; 1.</summary>
    [JsonRequired]
    public int SchemaVersion { get; init; } = BundleLayout.SchemaVersion;

    /// <summary>Place in the causal order. A writer counts from 1 without holes; a reader does not rely on it.</summary>
    public required long Seq { get; init; }

    /// <summary>Wall clock in milliseconds since the Unix epoch. For display: it may repeat or step back.</summary>
    public required long WallTimeUnixMs { get; init; }

    /// <summary>The rollout that the event belongs to.</summary>
    public required string RolloutId { get; init; }

    /// <summary>The thread in whose context the event was observed, if there is one.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The turn in whose context the event was observed, if there is one.</summary>
    public string? CodexTurnId { get; init; }

    /// <summary>What was observed: one of the events of the format.</summary>
    public required RawEventPayload Payload { get; init; }

    /// <summary>The span that the event comes from; our extension of the format, left out where there is no span.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventSpan? Otel { get; init; }

    /// <summary>
    /// In a bundle that was joined of several, the <see cref="BundleManifest.TraceId"/> of the one that the event is from; our extension of
    /// the format, left out where there is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(OptionalTextConverter))]
    public string? Part { get; init; }

    /// <summary>The event's place in the order of its part, from 1 on; null for an event that joining has added, and where nothing was joined.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(OptionalCountConverter))]
    public long? PartSeq { get; init; }

    /// <summary>Reads an event by the format's contract: members in any order, unknown ones ignored.</summary>
    /// <param name="utf8Json">One JSON object, as a line of an event log holds it.</param>
    /// <exception cref="BundleException">It is no JSON, or no event that is known; the message says what is wrong.</exception>
    public static RawEvent Parse(ReadOnlySpan<byte> utf8Json)
    {
        var (rawEvent, defect) = ContractLine.Read(utf8Json);
        return rawEvent ?? throw new BundleException(defect!.Text);
    }

    /// <summary>The event as its line in a log has it, byte for byte, without the newline.</summary>
    /// <exception cref="InvalidOperationException">As <see cref="WriteTo"/>.</exception>
    public byte[] ToUtf8Line()
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, LineFormat))
        {
            WriteTo(json);
        }

        return line.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Writes the event as one object, byte for byte as the generated contract would. The serializer would take several times as long
    /// for a polymorphic, nested value, and allocate for each; a recorder writes two events for everything that happens.
    /// </summary>
    /// <exception cref="InvalidOperationException">An attribute of the span holds half a surrogate pair.</exception>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteNumber("schema_version"u8, SchemaVersion);
        json.WriteNumber("seq"u8, Seq);
        json.WriteNumber("wall_time_unix_ms"u8, WallTimeUnixMs);
        json.WriteString("rollout_id"u8, RolloutId);
        json.WriteString("thread_id"u8, ThreadId);
        json.WriteString("codex_turn_id"u8, CodexTurnId);
        json.WriteStartObject("payload"u8);
        Payload.Write(json);
        json.WriteEndObject();
        if (Otel is not null)
        {
            json.WritePropertyName("otel"u8);
            Otel.Write(json);
        }

        if (Part is not null)
        {
            json.WriteString("part"u8, Part);
        }

        if (PartSeq is { } place)
        {
            json.WriteNumber("part_seq"u8, place);
        }

        json.WriteEndObject();
    }
}
