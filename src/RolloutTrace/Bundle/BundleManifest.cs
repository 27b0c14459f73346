using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>Identity and layout of a bundle: the document <c>manifest.json</c>.</summary>
public sealed record BundleManifest
{
    /// <summary>Version of the bundle format; 1.</summary>
    [JsonRequired]
    public int SchemaVersion { get; init; } = BundleLayout.SchemaVersion;

    /// <summary>Identity of this recording, a UUID. It has nothing to do with OpenTelemetry's trace id.</summary>
    public required string TraceId { get; init; }

    /// <summary>Identity of the rollout that was observed; by custom the root thread's id.</summary>
    public required string RolloutId { get; init; }

    /// <summary>Id of the root agent's thread.</summary>
    public required string RootThreadId { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>Path of the event log below the bundle. From a stranger it is not to be trusted; <see cref="BundleReader"/> checks it.</summary>
    [JsonRequired]
    public string RawEventLog { get; init; } = BundleLayout.EventLogFileName;

    /// <summary>Path of the payload directory below the bundle. From a stranger it is not to be trusted.</summary>
    [JsonRequired]
    public string PayloadsDir { get; init; } = BundleLayout.PayloadsDirectoryName;

    /// <summary>
    /// Id of the <see cref="BundleWriterLock"/> that the recorder holds as long as it lives; null if it holds none, as Codex's. A
    /// member of our own, left out when null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WriterLock { get; init; }

    /// <summary>
    /// What the recorder lost of the rollout and why; null if it says nothing. The recorder adds it when it has to stop the bundle,
    /// as far as the disk lets it. A member of our own, left out when null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(BundleLossConverter))]
    public BundleLoss? Lost { get; init; }

    /// <summary>Who called the rollout from another process; null if nobody did, or nobody knows. A member of our own, left out when null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallerReference? Caller { get; init; }

    /// <summary>The recording of the same rollout that this one goes on from; null if it is the first, or that is not known. A member of our own, left out when null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResumedRecording? ResumedFrom { get; init; }

    /// <summary>What the bundle was joined of; null for one that was recorded as it is. A member of our own, left out when null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(JoinedPartsConverter))]
    public IReadOnlyList<JoinedPart>? Joined { get; init; }

    /// <summary>
    /// The recording whose answers the model of this rollout gave, wholly or at first; null if it is no replay. A member of our own, left out
    /// when null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(ReplayOriginConverter))]
    public ReplayOrigin? ReplayedFrom { get; init; }

    /// <summary>
    /// What is missing of a bundle that came as records over a network; null if nothing is, and for one that came otherwise. A member of our own,
    /// left out when null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleHole? Collected { get; init; }

    /// <summary>Reads a manifest: members in any order, unknown ones ignored.</summary>
    /// <param name="utf8Json">The document.</param>
    /// <exception cref="BundleException">It is no JSON, or no manifest; the message says what is wrong.</exception>
    public static BundleManifest Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (PlainManifest.Read(utf8Json) is { } plain)
        {
            return plain;
        }

        try
        {
            return JsonSerializer.Deserialize(utf8Json, BundleJsonContext.Default.BundleManifest) ?? throw new BundleException("the manifest is null");
        }
        catch (JsonException e)
        {
            throw new BundleException($"the manifest cannot be parsed: {JsonWords.Of(e)}", e);
        }
    }

    /// <summary>The document <c>manifest.json</c>.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, BundleJsonContext.Default.BundleManifest);
}
