namespace RolloutTrace.Bundle;

/// <summary>
/// Somebody else changed a bundle while it was being written, so that what would be written next could not be read with what is
/// there. The bundle takes no more events.
/// </summary>
public sealed class BundleChangedException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="change">What was done to it.</param>
    public BundleChangedException(string directory, BundleChange change)
        : base($"{directory}: {Describe(change)}")
    {
        Change = change;
    }

    /// <summary>What was done to the bundle.</summary>
    public BundleChange Change { get; }

    private static string Describe(BundleChange change) => change switch
    {
        BundleChange.DirectoryRemoved => "the bundle was deleted or moved while it was being written",
        BundleChange.DirectoryReplaced => "the bundle's directory was replaced while it was being written",
        BundleChange.PayloadsRemoved => "the directory of payloads was deleted or moved while the bundle was being written",
        BundleChange.PayloadsReplaced => "the directory of payloads was replaced while the bundle was being written",
        BundleChange.LogRemoved => "the event log was deleted or moved while it was being written",
        BundleChange.LogReplaced => "the event log was replaced while it was being written",
        BundleChange.LogTruncated => "the event log was truncated while it was being written",
        _ => "the event log was rewritten while it was being written",
    };
}
