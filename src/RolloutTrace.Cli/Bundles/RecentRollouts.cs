using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>
/// Opens rollouts, and keeps the last few, since who has asked about one asks about it again. One that goes on is reduced anew each time. Not safe for
/// concurrent use.
/// </summary>
internal sealed class RecentRollouts(TimeProvider time)
{
    private const int Most = 3;

    private readonly LinkedList<(string Path, Stamp Stamp, OpenRollout Rollout)> recent = [];

    /// <summary>Opens one.</summary>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public OpenRollout Open(CataloguedRollout rollout)
    {
        var reader = rollout.Open().Reader;
        var stamp = Stamp.Of(rollout.GrowingFile, reader);
        for (var node = recent.First; node is not null; node = node.Next)
        {
            if (node.Value.Path != rollout.Path)
            {
                continue;
            }

            recent.Remove(node);
            if (node.Value.Stamp == stamp)
            {
                recent.AddFirst(node);
                return node.Value.Rollout;
            }

            break;
        }

        var opened = OpenRollout.Open(reader, new OpenRolloutOptions { Time = time });
        if (opened.Liveness.IsOver)
        {
            recent.AddFirst((rollout.Path, stamp, opened));
            if (recent.Count > Most)
            {
                recent.RemoveLast();
            }
        }

        return opened;
    }

    // What changes when anybody writes on.
    private readonly record struct Stamp(BundleManifest Manifest, long Length, DateTime WrittenAt)
    {
        public static Stamp Of(string file, BundleReader reader) => new(reader.Manifest, reader.GetEventLogLength(), File.GetLastWriteTimeUtc(file));
    }
}
