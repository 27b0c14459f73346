namespace RolloutTrace.Bundle;

/// <summary>One file of a bundle.</summary>
/// <param name="Name">Its name below the bundle, with slashes.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct BundleFile(string Name, long Length);
