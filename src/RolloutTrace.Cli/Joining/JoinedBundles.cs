using RolloutTrace.Bundle;
using RolloutTrace.Joining;

namespace RolloutTrace.Cli;

/// <summary>
/// The bundles that a command is to read: those that it was given or, with <c>--joined</c>, the one that they give together, in a temporary
/// directory as long as the command runs.
/// </summary>
internal sealed class JoinedBundles : IDisposable
{
    // What is beside a bundle is looked at for a hint alone.
    private const int MostBeside = 500;

    private readonly string? temporary;

    private JoinedBundles(IReadOnlyList<FoundBundle> bundles, string? temporary = null)
    {
        Bundles = bundles;
        this.temporary = temporary;
    }

    public IReadOnlyList<FoundBundle> Bundles { get; }

    /// <summary>Whether it is a joined one that is gone afterwards.</summary>
    public bool IsJoined => temporary is not null;

    public static FlagOption CreateOption() => new("--joined") { Description = "Join the bundles first, as 'rollout-trace join' does: those of several processes are read as one rollout." };

    /// <summary>The bundles.</summary>
    /// <param name="console">Is told what stays apart, and what else belongs to a single bundle.</param>
    /// <param name="found">The bundles that the command line means.</param>
    /// <param name="isJoined">Whether they are to be joined.</param>
    public static JoinedBundles Of(CommandConsole console, IReadOnlyList<FoundBundle> found, bool isJoined)
    {
        if (!isJoined || found.Any(static bundle => bundle.Problem is not null))
        {
            if (found is [{ Kind: FoundBundleKind.Directory } only])
            {
                TellOfOthers(console, only.Path);
            }

            return new JoinedBundles(found);
        }

        var temporary = Directory.CreateTempSubdirectory("rollout-trace-joined-").FullName;
        try
        {
            var target = Path.Join(temporary, "joined");
            foreach (var apart in JoinSources.Join(found, target, root: null).Apart)
            {
                console.Tell($"{apart.Path}: stays apart: {apart.Reason}");
            }

            return new JoinedBundles([FoundBundle.InDirectory(target)], temporary);
        }
        catch (Exception e) when (e is JoinException or BundleException or IOException or UnauthorizedAccessException)
        {
            Directory.Delete(temporary, recursive: true);
            return new JoinedBundles([FoundBundle.None(found[0].Path, e is IOException or UnauthorizedAccessException ? $"the bundles cannot be joined: {SystemWords.Of(e)}" : e.Message)]);
        }
    }

    public void Dispose()
    {
        if (temporary is not null)
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static void TellOfOthers(CommandConsole console, string path)
    {
        try
        {
            var directory = Path.GetFullPath(path);
            if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(directory)) is not { } above)
            {
                return;
            }

            var manifest = BundleReader.Open(directory).Manifest;
            var count = manifest.Joined is not null ? 0
                : Directory.EnumerateDirectories(above, "trace-*").Take(MostBeside).Where(BundleReader.IsBundle).Count(beside => BelongsTo(beside, manifest));
            if (count > 0)
            {
                console.Tell($"{path}: {(count == 1 ? "another bundle beside it belongs" : $"{count} other bundles beside it belong")} to it: with --joined, or 'rollout-trace join', they are read as one");
            }
        }
        catch (Exception e) when (e is BundleException or IOException or UnauthorizedAccessException)
        {
            // The command says itself what is wrong with the bundle.
        }
    }

    private static bool BelongsTo(string beside, BundleManifest manifest)
    {
        try
        {
            var other = BundleReader.Open(beside).Manifest;
            return other.TraceId != manifest.TraceId && other.Joined is null
                && (other.RolloutId == manifest.RolloutId || other.Caller?.RolloutId == manifest.RolloutId || manifest.Caller?.RolloutId == other.RolloutId);
        }
        catch (BundleException)
        {
            return false;
        }
    }
}
