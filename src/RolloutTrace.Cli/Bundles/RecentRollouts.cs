using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>
/// Opens rollouts, and keeps the last few, since who has asked about one asks about it again. One that goes on is reduced anew each time. Not safe for
/// concurrent use.
/// </summary>
internal sealed class RecentRollouts(TimeProvider time)
{
    private const int Most = 3;

    private readonly LinkedList<(string Path, string Stamp, OpenedBundle Opened, OpenRollout Rollout)> recent = [];

    // What goes on is read until the next one is asked for.
    private OpenedBundle? goingOn;

    /// <summary>Opens one, which is good until another is opened.</summary>
    /// <exception cref="Bundle.BundleException">It cannot be read.</exception>
    public OpenRollout Open(CataloguedRollout rollout)
    {
        goingOn?.Dispose();
        goingOn = null;
        var stamp = BundleStamp.Of(rollout);
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

            node.Value.Opened.Dispose();
            break;
        }

        var opened = rollout.Open();
        OpenRollout reduced;
        try
        {
            reduced = rollout.Reduce(opened, time);
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        if (!reduced.Liveness.IsOver)
        {
            goingOn = opened;
            return reduced;
        }

        recent.AddFirst((rollout.Path, stamp, opened, reduced));
        if (recent.Count > Most)
        {
            recent.Last!.Value.Opened.Dispose();
            recent.RemoveLast();
        }

        return reduced;
    }
}
