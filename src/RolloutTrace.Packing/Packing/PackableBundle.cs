using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Tells whether a bundle can be packed: whether it is whole.</summary>
internal static class PackableBundle
{
    /// <summary>Checks a bundle, and gives its manifest.</summary>
    /// <exception cref="BundleException">It cannot be packed, and why.</exception>
    public static BundleManifest Check(string directory, TimeProvider time)
    {
        var bundle = BundleReader.Open(directory);
        var manifest = bundle.Manifest;
        if (manifest.RawEventLog != BundleLayout.EventLogFileName || manifest.PayloadsDir != BundleLayout.PayloadsDirectoryName)
        {
            throw new BundleException($"{directory}: has another layout than the standard one ({BundleLayout.EventLogFileName} and {BundleLayout.PayloadsDirectoryName}), and is not packed");
        }

        // Asked before the log is read: what a recorder that is gone by then has written is all there.
        var writer = bundle.FindWriter();
        if (manifest.Joined is not null || HasEnded(bundle))
        {
            return manifest;
        }

        var silence = time.GetUtcNow() - new DateTimeOffset(WrittenAt(directory), TimeSpan.Zero);
        return writer switch
        {
            BundleWriterState.Alive => throw new BundleException($"{directory}: is still being recorded; it can be packed when it has ended"),
            BundleWriterState.Unknown when silence < BundlePacker.Silence => throw new BundleException(
                $"{directory}: has no end, and nothing tells whether it is still being recorded; it can be packed when nothing was written to it for {BundlePacker.Silence.TotalMinutes:0} minutes"),
            _ => manifest,
        };
    }

    /// <summary>
    /// Checks that a stream of payloads has what the log names. Damage of a stream can look as if it were cut off, which it may be behind its last flush.
    /// </summary>
    /// <exception cref="BundleException">It has not, or the log cannot be read.</exception>
    public static void CheckStream(string directory, BundleContents contents)
    {
        if (FindMissing(directory, contents) is { } missing)
        {
            throw new BundleException($"{contents.PathOf(StreamedPayloads.FileName)}: is damaged: it has no {missing} before the damage, which the log names; the bundle stays as it is");
        }
    }

    /// <summary>The first payload that the log names and a stream has not; null if there is none, or no stream.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static string? FindMissing(string directory, BundleContents contents)
    {
        if (contents.Stream is null)
        {
            return null;
        }

        var names = contents.Entries.Select(static entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var reference in BundleReader.Open(directory).ReadEvents().SelectMany(static line => line.Event?.Payload.PayloadReferences ?? []))
        {
            if (MemberRank.Of(reference.Path).Group == MemberGroup.Payload && !names.Contains(reference.Path))
            {
                return reference.Path;
            }
        }

        return null;
    }

    /// <summary>When a bundle's log was last written to.</summary>
    public static DateTime WrittenAt(string directory) => File.GetLastWriteTimeUtc(Path.Join(directory, BundleLayout.EventLogFileName));

    /// <summary>Whether the log says that the rollout ended.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static bool HasEnded(BundleReader bundle)
    {
        foreach (var line in bundle.ReadEvents())
        {
            if (line.Event?.Payload is RolloutEndedEvent { Status: not RolloutStatus.Running })
            {
                return true;
            }
        }

        return false;
    }
}
