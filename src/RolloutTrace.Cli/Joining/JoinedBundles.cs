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

    /// <summary>What the option does where each path is read for itself.</summary>
    public const string OfEachPath = "Join the bundles of each path first, as 'rollout-trace join' does: those of several processes are read as one rollout.";

    public IReadOnlyList<FoundBundle> Bundles { get; }

    /// <summary>Whether it is a joined one that is gone afterwards.</summary>
    public bool IsJoined => temporary is not null;

    /// <summary>The bundles that were given.</summary>
    public static JoinedBundles AsTheyAre(IReadOnlyList<FoundBundle> found) => new(found);

    /// <summary>The bundles that were given. Of a single one people are told what else belongs to it.</summary>
    public static JoinedBundles WithHint(CommandConsole console, IReadOnlyList<FoundBundle> found)
    {
        if (found is [{ Kind: FoundBundleKind.Directory } only])
        {
            TellOfOthers(console, only.Path);
        }

        return AsTheyAre(found);
    }

    /// <summary>The one bundle that they give together; where one of them is none, they are as they are.</summary>
    /// <param name="console">Is told what stays apart.</param>
    /// <param name="found">The bundles.</param>
    /// <param name="name">What they are called together.</param>
    public static JoinedBundles Join(CommandConsole console, IReadOnlyList<FoundBundle> found, string name)
    {
        if (found.Any(static bundle => bundle.Problem is not null))
        {
            return AsTheyAre(found);
        }

        var temporary = Directory.CreateTempSubdirectory("rollout-trace-joined-").FullName;
        try
        {
            var target = Path.Join(temporary, "joined");
            foreach (var apart in JoinSources.Join(found, target, root: null).Apart)
            {
                console.Tell($"{apart.Path}: stays apart: {apart.Reason}");
            }

            var named = Path.Join(temporary, BundleName.Of(BundleReader.Open(target).Manifest));
            Directory.Move(target, named);
            return new JoinedBundles([FoundBundle.Joined(name, named)], temporary);
        }
        catch (Exception e) when (e is JoinException or BundleException or IOException or UnauthorizedAccessException)
        {
            Directory.Delete(temporary, recursive: true);
            return AsTheyAre([FoundBundle.None(name, e is IOException or UnauthorizedAccessException ? $"the bundles cannot be joined: {SystemWords.Of(e)}" : e.Message)]);
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
