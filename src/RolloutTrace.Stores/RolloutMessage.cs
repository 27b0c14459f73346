using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Stores;

/// <summary>What is said in the queue of a packed rollout that was put.</summary>
public sealed record RolloutMessage
{
    /// <summary>The version of this form.</summary>
    public const int CurrentSchemaVersion = 1;

    private const int HashLength = 64;

    /// <summary>The version of the message's form: <see cref="CurrentSchemaVersion"/>.</summary>
    [JsonPropertyName("schema_version")]
    public required int SchemaVersion { get; init; }

    /// <summary>The object's key, see <see cref="RolloutKey"/>.</summary>
    [JsonPropertyName("key")]
    public required string Key { get; init; }

    /// <summary>The SHA-256 of its bytes, in hex digits.</summary>
    [JsonPropertyName("sha256")]
    public required string Sha256 { get; init; }

    /// <summary>Its length in bytes.</summary>
    [JsonPropertyName("bytes")]
    public required long Bytes { get; init; }

    /// <summary>The message of a packed rollout.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="path">The file that was put.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public static async Task<RolloutMessage> OfAsync(string key, string path, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var hash = await FileWords.HashAsync(path, cancellation).ConfigureAwait(false);
        return new RolloutMessage { SchemaVersion = CurrentSchemaVersion, Key = key, Sha256 = hash, Bytes = new FileInfo(path).Length };
    }

    /// <summary>The message as JSON in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, QueueJsonContext.Default.RolloutMessage);

    /// <summary>A message that came; null if it is not one of ours: no such JSON, another version, no key, no hash.</summary>
    /// <param name="json">Its bytes.</param>
    public static RolloutMessage? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, QueueJsonContext.Default.RolloutMessage) is { } message && message.IsOurs ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsOurs => SchemaVersion == CurrentSchemaVersion && RolloutKey.TryParse(Key, out _, out _) && Bytes >= 0
        && Sha256 is { Length: HashLength } && Sha256.All(static c => char.IsAsciiHexDigitLower(c));
}
