using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>A bundle that a command line means, or a path that means none and why.</summary>
internal sealed class FoundBundle
{
    private readonly Func<OpenedBundle>? open;

    private FoundBundle(string path, FoundBundleKind kind, Func<OpenedBundle>? open, string? problem = null)
    {
        Path = path;
        Kind = kind;
        Problem = problem;
        this.open = open;
    }

    /// <summary>The bundle's directory or file as the command line names it, or the path that means none.</summary>
    public string Path { get; }

    /// <summary>Where the bundle is.</summary>
    public FoundBundleKind Kind { get; }

    /// <summary>Why it means none; null if it does.</summary>
    public string? Problem { get; }

    /// <summary>The directory that it lies in; null if it lies in none.</summary>
    public string? Directory { get; private init; }

    public static FoundBundle InDirectory(string path) => new(path, FoundBundleKind.Directory, () => OpenDirectory(path)) { Directory = path };

    /// <summary>One that was joined of others.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="directory">Where it lies for the time being.</param>
    public static FoundBundle Joined(string name, string directory) => new(name, FoundBundleKind.Joined, () => OpenDirectory(directory)) { Directory = directory };

    public static FoundBundle InArchive(string path, FoundArchive archive, string inArchive) => new(path, FoundBundleKind.Archive, () =>
    {
        var opened = archive.Open();
        return Open(opened.FilesOf(inArchive), opened);
    });

    public static FoundBundle Packed(string path) => new(path, FoundBundleKind.Packed, () =>
    {
        var packed = PackedBundle.Open(path);
        return Open(packed, packed);
    });

    /// <summary>What several bundles give together, which are joined when it is opened.</summary>
    /// <param name="path">The one that it begins with.</param>
    /// <param name="open">Joins them; what is disposed with it is gone.</param>
    public static FoundBundle Together(string path, Func<OpenedBundle> open) => new(path, FoundBundleKind.Joined, open);

    public static FoundBundle InStore(string address, Func<OpenedBundle> open) => new(address, FoundBundleKind.Store, open);

    public static FoundBundle None(string path, string problem) => new(path, FoundBundleKind.None, open: null, problem);

    /// <summary>Opens it.</summary>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public OpenedBundle Open() => open is null ? throw new BundleException(Problem!) : open();

    /// <summary>Its overview: the one that was kept for those who list many, if it is of this very bundle, or one that is read now.</summary>
    /// <param name="opened">The bundle.</param>
    /// <param name="now">The time by which its silence is measured.</param>
    /// <param name="withUsage">Whether tokens are asked for.</param>
    /// <param name="keep">Whether one that is read now may be kept for others.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public BundleOverview ReadOverview(OpenedBundle opened, DateTimeOffset now, bool withUsage = true, bool keep = true)
    {
        var overview = opened.Reader.Files switch
        {
            PackedBundle packed when packed.ReadSummary() is { } kept && OverviewCache.OfBytes(kept, opened.Reader, withUsage) is { } known => known,
            PackedBundle packed => Kind == FoundBundleKind.Packed
                ? OverviewCache.ReadPacked(opened.Reader, Path, now, withUsage, keep, () => DamageOf(packed))
                : BundleOverview.Read(opened.Reader, now, withUsage) with { Damage = DamageOf(packed) },
            var files when Kind == FoundBundleKind.Archive => BundleOverview.Read(opened.Reader, now, withUsage) with { Damage = DamageOf(files) },
            _ when Kind == FoundBundleKind.Directory => OverviewCache.Read(opened.Reader, Path, now, withUsage, keep),
            _ => BundleOverview.Read(opened.Reader, now, withUsage),
        };
        return overview with { Caller = opened.Reader.Manifest.Caller, ResumedFrom = opened.Reader.Manifest.ResumedFrom, Parts = opened.Reader.Manifest.Joined?.Count };
    }

    // What one that is cut between two frames lacks, its lengths do not tell. An overview has been through the file by now, so this is no other pass.
    private static string? DamageOf(BundleFiles files) => files is PackedBundle packed && packed.IsCut()
        ? "it is cut off"
        : files.FindDamage() is { } damage ? damage[(damage.StartsWith($"{files.DisplayName}: ", StringComparison.Ordinal) ? files.DisplayName.Length + 2 : 0)..] : null;

    private static OpenedBundle OpenDirectory(string directory)
    {
        var files = PackedRecording.FilesOf(directory);
        return Open(files, files as IDisposable);
    }

    private static OpenedBundle Open(BundleFiles files, IDisposable? opened)
    {
        try
        {
            return new OpenedBundle(BundleReader.Open(files), opened);
        }
        catch
        {
            opened?.Dispose();
            throw;
        }
    }
}
