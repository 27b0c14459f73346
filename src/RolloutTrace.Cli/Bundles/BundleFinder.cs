using RolloutTrace.Bundle;
using RolloutTrace.Import;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>Finds the bundles that the paths of a command line mean.</summary>
internal sealed class BundleFinder(RolloutRoot root, Func<StoredBundles> stores)
{
    // So many archives stay open between being looked into and being read.
    private const int MostOpen = 32;

    // So many files of a directory without a bundle are asked whether they can be imported.
    private const int MostAsked = 32;

    // Links are not followed: a directory of bundles from a stranger must not lead anywhere else, nor in circles.
    private static readonly EnumerationOptions Enumeration = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private static readonly EnumerationOptions Packed = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Directory | FileAttributes.Hidden,
    };

    private static readonly EnumerationOptions Logs = new()
    {
        IgnoreInaccessible = true,
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private int archives;

    /// <summary>
    /// A path that is a bundle, or its manifest or its log, means that bundle, and an archive those that are in it; another directory means every
    /// bundle below it, packed or not, in ordinal order. What is no path means a rollout below the root. A path that means none is given with the reason.
    /// </summary>
    public IReadOnlyList<FoundBundle> Find(IReadOnlyList<string> paths)
    {
        var found = new List<FoundBundle>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            foreach (var bundle in Meant(path))
            {
                // Overlapping paths name a bundle once.
                if (bundle.Problem is not null || seen.Add(Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle.Path))))
                {
                    found.Add(bundle);
                }
            }
        }

        return found;
    }

    /// <summary>The directory of the bundle whose manifest or log a path names; any other path as it is. No file is opened.</summary>
    public static string BundleOf(string path)
    {
        if (Path.GetFileName(path) is not (BundleLayout.ManifestFileName or BundleLayout.EventLogFileName) || Directory.Exists(path))
        {
            return path;
        }

        var directory = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        return File.Exists(path) && BundleReader.IsBundle(directory) ? directory : path;
    }

    private IReadOnlyList<FoundBundle> Meant(string named)
    {
        if (StoredBundles.IsMeant(named))
        {
            return stores().Find(named);
        }

        var path = BundleOf(named);
        try
        {
            if (Directory.Exists(path))
            {
                var below = Below(path).ToList();
                return below.Count > 0 ? below : BundlePacker.IsLeft(path) ? [PackedBeside(path)] : [FoundBundle.None(path, WhyNone(path))];
            }

            if (File.Exists(path))
            {
                return PackedBundle.IsPacked(path) ? [FoundBundle.Packed(path)] : InArchive(path, path, wanted: null);
            }

            // It was packed meanwhile, and is named as it was.
            if (File.Exists(BundlePacker.PlaceBeside(path)))
            {
                return [PackedBeside(path)];
            }

            if (ArchiveAbove(path) is { } archive)
            {
                return InArchive(path, archive, Path.GetRelativePath(archive, path).Replace('\\', '/'));
            }

            // Says no if the way there is closed, where the questions before only say that nothing is there.
            File.GetAttributes(path);
            return [FoundBundle.None(path, $"{path}: cannot be looked at")];
        }
        catch (UnauthorizedAccessException)
        {
            return [FoundBundle.None(path, $"{path}: permission denied")];
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return [root.Find(named) is var (bundle, problem) && bundle is not null ? bundle : FoundBundle.None(named, problem!)];
        }
    }

    /// <summary>The bundles in a directory and below it, in ordinal order; what may not be looked into is among them.</summary>
    public static IEnumerable<FoundBundle> Below(string directory)
    {
        if (BundleReader.IsBundle(directory))
        {
            return [FoundBundle.InDirectory(directory)];
        }

        string[] below;
        string[] packed;
        try
        {
            below = Array.FindAll(Directory.GetDirectories(directory, "*", Enumeration), static path => !UnfinishedName.Is(path));
            packed = Directory.GetFiles(directory, "*" + PackedFormat.Extension, Packed);
            if (Directory.GetFiles(directory, BundleLayout.ManifestFileName, Enumeration).Length > 0)
            {
                // It may be listed, and not be entered.
                throw new UnauthorizedAccessException();
            }
        }
        catch (UnauthorizedAccessException)
        {
            return [FoundBundle.None(directory, $"{directory}: permission denied")];
        }
        catch (DirectoryNotFoundException)
        {
            // Gone by now.
            return [];
        }

        return PackedTwins.Join(below, packed).SelectMany(static entry => entry.IsPacked ? [FoundBundle.Packed(entry.Path)] : Below(entry.Path));
    }

    private IReadOnlyList<FoundBundle> InArchive(string path, string file, string? wanted)
    {
        BundleArchive? archive;
        try
        {
            archive = BundleArchive.TryOpen(file);
        }
        catch (BundleException e)
        {
            return [FoundBundle.None(path, e.Message)];
        }

        if (archive is null)
        {
            return [FoundBundle.None(path, RolloutImport.Recognizes(file)
                ? $"{path}: is no bundle{ToBeImported(path)}"
                : $"{path}: is a file, and no packed rollout, zip, tar, tar.gz or tar.zst; give the bundle's directory, or its {BundleLayout.ManifestFileName} or {BundleLayout.EventLogFileName}")];
        }

        var bundles = archive.Bundles.Where(bundle => wanted is null || bundle == wanted || bundle.StartsWith(wanted + "/", StringComparison.Ordinal)).ToList();
        var isKept = bundles.Count > 0 && archives++ < MostOpen;
        var found = new FoundArchive(file, isKept ? archive : null);
        if (!isKept)
        {
            archive.Dispose();
        }

        return bundles.Count > 0
            ? [.. bundles.Select(bundle => FoundBundle.InArchive(bundles.Count == 1 && wanted is null || bundle.Length == 0 ? path : $"{file}/{bundle}", found, bundle))]
            : [FoundBundle.None(path, $"{path}: holds no bundle (a directory with {BundleLayout.ManifestFileName})")];
    }

    private static FoundBundle PackedBeside(string path) => FoundBundle.Packed(Path.TrimEndingDirectorySeparator(path) + PackedFormat.Extension);

    private static string? ArchiveAbove(string path)
    {
        for (var above = Path.GetDirectoryName(path); !string.IsNullOrEmpty(above); above = Path.GetDirectoryName(above))
        {
            if (Path.Exists(above))
            {
                return File.Exists(above) ? above : null;
            }
        }

        return null;
    }

    private static string WhyNone(string path) => BundleReader.IsBegun(path)
        ? $"{path}: is a rollout's that was not begun: its recorder ended before it had written the manifest, and nothing was recorded in it"
        : File.Exists(Path.Join(path, BundleLayout.EventLogFileName))
        ? $"{Path.Join(path, BundleLayout.ManifestFileName)}: is missing, though there is an event log"
        : $"{path}: holds no bundle (a directory with {BundleLayout.ManifestFileName}){(HoldsLogs(path) ? ToBeImported(path) : null)}";

    private static bool HoldsLogs(string directory) =>
        Directory.EnumerateFiles(directory, "*", Logs).Take(MostAsked).Any(RolloutImport.Recognizes);

    private static string ToBeImported(string path) => $"; `rollout-trace import {NextCommand.Quoted(path)} -o DIR` makes bundles of what is recorded in it";
}
