using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>
/// What a bundle lacks of what must have been sent, where it was put together of records that came over a network. That it has no end is no
/// hole. It is a member of the manifest, <c>collected</c>, an extension of ours that other readers ignore.
/// </summary>
[JsonConverter(typeof(BundleHoleConverter))]
public sealed record BundleHole
{
    private const int Shown = 5;

    /// <summary>The places of events that did not come, below the highest that did.</summary>
    public required IReadOnlyList<MissingSeq> MissingSeq { get; init; }

    /// <summary>Paths of payload files that events name, and of which not all came.</summary>
    public required IReadOnlyList<string> MissingPayloads { get; init; }

    /// <summary>Whether the manifest did not come.</summary>
    public required bool MissingManifest { get; init; }

    /// <summary>It in words.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (MissingManifest)
        {
            parts.Add("the manifest");
        }

        if (MissingSeq.Count > 0)
        {
            parts.Add($"events {List(MissingSeq.Select(static range => range.First == range.Last ? Number(range.First) : $"{Number(range.First)}-{Number(range.Last)}"), MissingSeq.Count)}");
        }

        if (MissingPayloads.Count > 0)
        {
            parts.Add(List(MissingPayloads, MissingPayloads.Count));
        }

        return $"lacks {string.Join(" and ", parts)}";
    }

    /// <summary>It as it stands in a manifest.</summary>
    internal byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, BundleJsonContext.Default.BundleHole);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> words, int count) =>
        string.Join(", ", words.Take(Shown)) + (count > Shown ? $" and {Number(count - Shown)} more" : "");
}
