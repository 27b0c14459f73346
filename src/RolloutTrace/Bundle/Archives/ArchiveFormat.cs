namespace RolloutTrace.Bundle;

/// <summary>Kinds of archives that are known.</summary>
internal enum ArchiveFormat
{
    /// <summary>No archive, or one of another kind.</summary>
    None,
    Zip,
    Tar,
    GzippedTar,
}
