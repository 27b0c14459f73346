using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>An overview as it is kept beside the evidence, for listing alone.</summary>
internal sealed record StoredOverview
{
    /// <summary>The form of today. Whatever else is found is passed over.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The most bytes of one that is kept or believed.</summary>
    public const int MaxBytes = 64 << 10;

    [JsonRequired]
    public int Version { get; init; }

    /// <summary>What it was made of; empty where it stands in the same file as that.</summary>
    [JsonRequired]
    public string Key { get; init; } = "";

    /// <summary>The overview, without the path of its bundle.</summary>
    public required BundleOverview Overview { get; init; }

    /// <summary>The bytes to keep; null if this is nothing to keep: the rollout goes on, not all of it was read, or it would be too much.</summary>
    public static byte[]? ToBytes(BundleOverview overview, string key)
    {
        if (overview.Status is not (RolloutStanding.Completed or RolloutStanding.Failed or RolloutStanding.Aborted))
        {
            return null;
        }

        var stored = new StoredOverview { Version = CurrentVersion, Key = key, Overview = overview with { Bundle = "", Lost = null, Collected = null } };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(stored, StoredOverviewContext.Default.StoredOverview);
        return bytes.Length <= MaxBytes ? bytes : null;
    }

    /// <summary>Reads what was kept; null if it is anything else.</summary>
    public static StoredOverview? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Length <= MaxBytes && JsonSerializer.Deserialize(bytes, StoredOverviewContext.Default.StoredOverview) is { Version: CurrentVersion } stored && IsWhole(stored.Overview) ? stored : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    // JSON may have null where the type has none.
    private static bool IsWhole(BundleOverview? overview) =>
        overview is { RolloutId: not null, Agents: not null, Models: not null, Status: RolloutStanding.Completed or RolloutStanding.Failed or RolloutStanding.Aborted, Lost: null, Collected: null }
        && overview.Agents.All(static agent => agent is not null)
        && overview.Models.All(static model => model is not null);
}
