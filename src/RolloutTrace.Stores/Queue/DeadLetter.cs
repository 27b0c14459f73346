using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Stores;

/// <summary>A message that nobody tries again: what it said, as far as it is one of ours, and why.</summary>
internal sealed record DeadLetter
{
    // However it is escaped, the letter is below what a server takes.
    private const int MostDetail = 100_000;

    [JsonPropertyName("schema_version")]
    public int SchemaVersion { get; init; } = RolloutMessage.CurrentSchemaVersion;

    [JsonPropertyName("key")]
    public string? Key { get; init; }

    [JsonPropertyName("sha256")]
    public string? Sha256 { get; init; }

    [JsonPropertyName("bytes")]
    public long? Bytes { get; init; }

    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    [JsonPropertyName("detail")]
    public required string Detail { get; init; }

    [JsonPropertyName("deliveries")]
    public required int Deliveries { get; init; }

    [JsonPropertyName("dead_at_unix_ms")]
    public required long DeadAtUnixMs { get; init; }

    public static DeadLetter Of(RolloutMessage? message, string reason, string detail, int deliveries, DateTimeOffset at) => new()
    {
        Key = message?.Key,
        Sha256 = message?.Sha256,
        Bytes = message?.Bytes,
        Reason = reason,
        Detail = detail.Length <= MostDetail ? detail : $"{detail[..MostDetail]}…",
        Deliveries = deliveries,
        DeadAtUnixMs = at.ToUnixTimeMilliseconds(),
    };

    /// <summary>By which two of the same count once: the object's hash, and of a message that names none the message's own.</summary>
    public static string IdOf(RolloutMessage? message, ReadOnlySpan<byte> content) => message?.Sha256 ?? Convert.ToHexStringLower(SHA256.HashData(content));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, QueueJsonContext.Default.DeadLetter);
}
