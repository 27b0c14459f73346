using System.Globalization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Stores;

/// <summary>The key of a packed rollout in a store: <c>{day}/{bundle}.rollout.tar.zst</c>.</summary>
public static class RolloutKey
{
    /// <summary>The key of a bundle.</summary>
    /// <param name="manifest">Its manifest.</param>
    public static string Of(BundleManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return Of(BundleName.DayOf(manifest.StartedAtUnixMs), BundleName.Of(manifest));
    }

    /// <summary>The key of a name.</summary>
    /// <param name="day">The rollout's day.</param>
    /// <param name="bundle">The bundle's name.</param>
    /// <exception cref="ArgumentException">It is no day, or no bundle's name.</exception>
    public static string Of(string day, string bundle)
    {
        ArgumentNullException.ThrowIfNull(day);
        ArgumentNullException.ThrowIfNull(bundle);
        if (!IsDay(day))
        {
            throw new ArgumentException($"'{day}' is no day", nameof(day));
        }

        return BundleName.IsValid(bundle) ? $"{day}/{bundle}{BundleLayout.PackedExtension}" : throw new ArgumentException($"'{bundle}' is no bundle's name", nameof(bundle));
    }

    /// <summary>Whether a text is a key, and of what.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="day">The rollout's day.</param>
    /// <param name="bundle">The bundle's name.</param>
    public static bool TryParse(string? text, out string day, out string bundle)
    {
        day = bundle = "";
        if (text?.Split('/') is not [var first, var second] || !IsDay(first) || !second.EndsWith(BundleLayout.PackedExtension, StringComparison.Ordinal))
        {
            return false;
        }

        day = first;
        bundle = second[..^BundleLayout.PackedExtension.Length];
        return BundleName.IsValid(bundle);
    }

    /// <summary>Whether a text is a day, as <c>yyyy-MM-dd</c>.</summary>
    /// <param name="text">Any text.</param>
    public static bool IsDay(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
