namespace RolloutTrace.Packing;

/// <summary>Where a file lies in the tar file.</summary>
/// <param name="Offset">Where its content begins.</param>
/// <param name="Length">Length of its content in bytes.</param>
internal readonly record struct PackedPlace(long Offset, long Length);
