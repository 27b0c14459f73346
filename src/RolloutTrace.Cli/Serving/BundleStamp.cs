using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>What is another as soon as anything in a bundle is another, or its recorder has gone.</summary>
internal static class BundleStamp
{
    /// <summary>What stands for a bundle that cannot be looked at.</summary>
    public const string Gone = "gone";

    /// <summary>The stamp of a bundle now.</summary>
    /// <param name="rollout">The bundle.</param>
    /// <param name="isOver">Whether it is known that its rollout has ended, so that nobody asks for its recorder.</param>
    public static string Of(CataloguedRollout rollout, bool isOver = false)
    {
        if (rollout.Parts.Count > 0)
        {
            return Of(string.Join('\n', rollout.Parts.Select(part => Of(part, isOver))));
        }

        try
        {
            var manifest = new FileInfo(Path.Join(rollout.Path, BundleLayout.ManifestFileName));
            var log = new FileInfo(rollout.GrowingFile);
            var writer = isOver || rollout.Manifest is null || rollout.Found.Kind == FoundBundleKind.Packed ? BundleWriterState.Unknown : BundleReader.Open(rollout.Path).FindWriter();
            return Of($"{rollout.Name} {manifest.LastWriteTimeUtc.Ticks} {(log.Exists ? log.Length : -1)} {log.LastWriteTimeUtc.Ticks} {writer} {rollout.Problem} {rollout.ApartBecause}");
        }
        catch (Exception e) when (e is BundleException or IOException or UnauthorizedAccessException)
        {
            return Gone;
        }
    }

    /// <summary>One stamp of several.</summary>
    public static string Of(string stamps) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamps)).AsSpan(0, 12));
}
