namespace RolloutTrace.Bundle;

/// <summary>
/// How a recorder keeps its bundles: in which form they are written, and what becomes of them when their rollouts have ended. This
/// one writes them as the format says, and leaves them. Safe for concurrent use.
/// </summary>
public class BundleStorage
{
    /// <summary>Files as the format says.</summary>
    public static BundleStorage Plain { get; } = new();

    /// <summary>Whether bundles are worked on after their rollouts have ended.</summary>
    public virtual bool Finishes => false;

    /// <summary>Whether a payload costs little memory and time where it is known what it repeats of an earlier one, and much where that has to be found.</summary>
    public virtual bool RefersBack => false;

    /// <summary>Creates a bundle.</summary>
    /// <param name="directory">Its directory, which must not exist; those above it are created where they are missing.</param>
    /// <param name="manifest">Its identity.</param>
    /// <exception cref="IOException">The directory exists, or something cannot be written. What was created is removed again.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission. What was created is removed again.</exception>
    public virtual BundleWriter Create(string directory, BundleManifest manifest) => BundleWriter.Create(directory, manifest);

    /// <summary>
    /// Works on a bundle whose rollout has ended and to which nothing is written any more. It is called on a thread that nobody waits for,
    /// and must leave the evidence whole whenever the process ends.
    /// </summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="cancellation">Asks to stop soon, and to leave the bundle as it was.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    /// <exception cref="BundleException">The bundle cannot be read, or is not fit for it.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public virtual void Finish(string directory, CancellationToken cancellation)
    {
    }

    /// <summary>The manifest of a bundle in a form that this storage makes, running or finished; null if it is in none.</summary>
    /// <param name="path">A directory or file below the bundle root.</param>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public virtual BundleManifest? ReadManifest(string path) => Directory.Exists(path) ? BundleReader.Open(path).Manifest : null;

    /// <summary>
    /// Looks at a bundle that an earlier process may have left before it came to <see cref="Finish"/>, and does what is still to be done. Called once for each bundle
    /// below the root, on the same thread as that; most of them are none of that kind, or are being recorded.
    /// </summary>
    /// <param name="directory">The bundle's directory, or what is left of it.</param>
    /// <param name="cancellation">As for <see cref="Finish"/>; so are the exceptions.</param>
    public virtual void FinishLeft(string directory, CancellationToken cancellation)
    {
    }
}
