using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>The member <c>collected</c> of a manifest, which says what a bundle lacks. All other bytes of a manifest stay as they are.</summary>
internal static class CollectedManifest
{
    private const string Member = "collected";

    /// <summary>The manifest with what is missing.</summary>
    /// <param name="manifest">A JSON object.</param>
    /// <param name="hole">What is missing.</param>
    public static byte[] With(ReadOnlySpan<byte> manifest, BundleHole hole)
    {
        manifest = Without(manifest);
        var end = manifest.LastIndexOf((byte)'}');
        return [.. manifest[..end], .. ",\""u8, .. System.Text.Encoding.ASCII.GetBytes(Member), .. "\":"u8, .. hole.ToUtf8Json(), .. manifest[end..]];
    }

    /// <summary>The manifest without it, as it was.</summary>
    public static byte[] Without(ReadOnlySpan<byte> manifest) => Find(manifest) is { } found ? [.. manifest[..found.From], .. manifest[found.To..]] : manifest.ToArray();

    /// <summary>Whether it says that the manifest did not come, and was made from something else.</summary>
    public static bool IsMade(ReadOnlySpan<byte> manifest) => BundleManifest.Parse(manifest).Collected is { MissingManifest: true };

    // With the comma before it or, where it is the first, the one behind it.
    private static (int From, int To)? Find(ReadOnlySpan<byte> manifest)
    {
        var reader = new Utf8JsonReader(manifest, new JsonReaderOptions { MaxDepth = BundleReaderOptions.MaxDepth });
        reader.Read();
        for (var before = (int)reader.BytesConsumed; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; before = (int)reader.BytesConsumed)
        {
            var isIt = reader.ValueTextEquals(Member);
            var isFirst = manifest[before..(int)reader.TokenStartIndex].IndexOf((byte)',') < 0;
            reader.Read();
            reader.Skip();
            if (isIt)
            {
                var end = (int)reader.BytesConsumed;
                return (before, isFirst && manifest[end..].IndexOf((byte)',') is >= 0 and var comma ? end + comma + 1 : end);
            }
        }

        return null;
    }
}
