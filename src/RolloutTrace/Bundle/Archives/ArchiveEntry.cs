namespace RolloutTrace.Bundle;

/// <summary>A file in an archive.</summary>
/// <param name="Length">Its unpacked length in bytes, as the archive says.</param>
/// <param name="Place">Where the archive's own way of reading finds it.</param>
/// <param name="Problem">Why it is not read though it is there; null if it is.</param>
internal readonly record struct ArchiveEntry(long Length, long Place, string? Problem = null);
