using RolloutTrace.Bundle;

namespace RolloutTrace.TestSupport;

/// <summary>The files of a bundle in memory.</summary>
public sealed class MemoryFiles(string name, IReadOnlyDictionary<string, byte[]> files) : BundleFiles
{
    public override string Name => name;

    public override string DisplayName => $"memory:{name}";

    /// <summary>All files of a bundle in a directory.</summary>
    public static MemoryFiles Of(string directory) => new(
        Path.GetFileName(directory),
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(directory, file).Replace('\\', '/'), File.ReadAllBytes));

    public override bool Exists(string name) => files.ContainsKey(name);

    public override long GetLength(string name) => Content(name).Length;

    public override IEnumerable<BundleFile> List(string directory) => files
        .Where(file => Path.GetDirectoryName(file.Key) == directory)
        .Select(file => new BundleFile(file.Key, file.Value.Length));

    public override Stream OpenRead(string name) => new MemoryStream(Content(name), writable: false);

    public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Unknown;

    private byte[] Content(string name) =>
        files.TryGetValue(name, out var content) ? content : throw new BundleException($"{DisplayNameOf(name)}: there is no such file");
}
