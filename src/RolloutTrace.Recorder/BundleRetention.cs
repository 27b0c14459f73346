namespace RolloutTrace.Recorder;

/// <summary>How much is kept below the bundle root. What is over it goes: the rollouts that ended first, whole bundles at a time. Nothing goes by default.</summary>
/// <remarks>
/// Only bundles that a recorder has made, under the name that it gave them, with nothing in them that it does not know, and packed rollouts
/// (<c>trace-*.rollout.tar.zst</c>) are ever deleted, by whichever process they were recorded; never one that is running, which is one without an end
/// whose recorder lives or may live, and never what a link leads to.
/// </remarks>
public sealed class BundleRetention
{
    /// <summary>Bytes of all bundles and packed rollouts together; from 1 MiB. Null, the default, for no bound.</summary>
    public long? Bytes { get; set; }

    /// <summary>
    /// Time since a rollout was last written to; from a minute. Null, the default, for no bound. A clock that jumps ahead while the recorder
    /// runs counts when that has lasted an hour.
    /// </summary>
    public TimeSpan? Age { get; set; }

    /// <summary>Whether anything is bounded.</summary>
    internal bool IsOn => Bytes is not null || Age is not null;
}
