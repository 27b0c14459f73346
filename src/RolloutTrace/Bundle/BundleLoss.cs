namespace RolloutTrace.Bundle;

/// <summary>
/// What a recorder says of a bundle that it had to stop: why, and how many events of the rollout are not in it. It is a member
/// of the manifest, <c>lost</c>, an extension of ours that other readers ignore.
/// </summary>
public sealed record BundleLoss
{
    /// <summary>
    /// A word of small letters and underscores, such as <c>disk_full</c>. In a bundle from a stranger it may be any such word of up
    /// to 40 characters.
    /// </summary>
    public required string Cause { get; init; }

    /// <summary>Events that were lost by the time of the note. If the process died afterwards there may have been more.</summary>
    public required long Events { get; init; }
}
