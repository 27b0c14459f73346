using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Makes bundles of packed rollouts again, byte for byte. Safe for concurrent use, also of several processes.</summary>
public static class BundleUnpacker
{
    /// <summary>The place of a packed rollout's bundle unless another is given: beside it, with its name less the extension.</summary>
    /// <param name="path">The packed rollout.</param>
    public static string PlaceBeside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var name = Path.GetFileName(path);
        return Path.Join(Path.GetDirectoryName(path), name.Length > PackedFormat.Extension.Length && name.EndsWith(PackedFormat.Extension, StringComparison.Ordinal) ? name[..^PackedFormat.Extension.Length] : name + ".unpacked");
    }

    /// <summary>
    /// Unpacks a packed rollout into a directory that is there whole, or not at all. Of one that is damaged or cut off behind its manifest
    /// the bundle has what is before that, the log up to there among it. Of a bundle that is packed while it is recorded, or that such a recording
    /// left when it was stopped (<see cref="PackedRecording"/>), it has what recording it plain would have written until then.
    /// </summary>
    /// <param name="path">The packed rollout, or the directory of such a recording.</param>
    /// <param name="directory">The directory to write, where nothing may be; null for <see cref="PlaceBeside"/>.</param>
    /// <exception cref="BundleException">It is no packed rollout, or there is no manifest before the damage.</exception>
    /// <exception cref="IOException">The bundle cannot be written, or something is there.</exception>
    /// <exception cref="UnauthorizedAccessException">The bundle may not be written.</exception>
    public static UnpackResult Unpack(string path, string? directory = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileSizeSignal.Handle();
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory ?? PlaceBeside(path)));
        if (Path.Exists(directory))
        {
            throw new IOException($"{directory}: is there already");
        }

        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(path))
        {
            return UnpackRecording(path, directory);
        }

        using var reader = new PackedReader(path);
        using var target = new UnfinishedDirectory(directory);
        var result = new MemberWriter(reader, target.Path).WriteAll();
        target.Move();
        return result with { Directory = directory };
    }

    private static UnpackResult UnpackRecording(string recording, string directory)
    {
        if (!PackedRecording.IsOne(recording))
        {
            throw new BundleException(BundleReader.IsBundle(recording)
                ? $"{recording}: is a plain bundle already"
                : $"{recording}: is a directory, and no bundle that is packed while it is recorded");
        }

        using var target = new UnfinishedDirectory(directory);
        var result = RecordingUnpacker.Write(recording, target.Path);
        target.Move();
        return result with { Directory = directory };
    }
}
