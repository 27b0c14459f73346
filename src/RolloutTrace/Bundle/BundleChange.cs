namespace RolloutTrace.Bundle;

/// <summary>What somebody else did to a bundle while it was being written.</summary>
public enum BundleChange
{
    /// <summary>The bundle's directory is gone: deleted, or moved elsewhere.</summary>
    DirectoryRemoved,

    /// <summary>Another directory, a link or a file stands in the place of the bundle's directory.</summary>
    DirectoryReplaced,

    /// <summary>The directory of payloads is gone.</summary>
    PayloadsRemoved,

    /// <summary>Another directory, a link or a file stands in the place of the directory of payloads.</summary>
    PayloadsReplaced,

    /// <summary>The event log is gone.</summary>
    LogRemoved,

    /// <summary>Another file stands in the place of the event log, as after an editor that saves by renaming, or <c>sed -i</c>.</summary>
    LogReplaced,

    /// <summary>The event log is shorter than it was.</summary>
    LogTruncated,

    /// <summary>The event log is longer than it was, and what was written to it is not where it was.</summary>
    LogRewritten,
}
