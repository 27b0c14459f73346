namespace RolloutTrace.Cli;

/// <summary>Where a bundle is.</summary>
internal enum FoundBundleKind
{
    /// <summary>There is none.</summary>
    None,
    Directory,

    /// <summary>In an archive, among others maybe.</summary>
    Archive,

    /// <summary>In a file of its own.</summary>
    Packed,

    /// <summary>In a directory that is gone when the command has ended, joined of others.</summary>
    Joined,

    /// <summary>In a store that is no directory.</summary>
    Store,
}
