using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// A bundle that is packed while it is recorded (<see cref="PackedStorage"/>), or that such a recording left when it was stopped: manifest
/// and log are files, the payloads are in one stream, <c>payloads/packed.tar.zst</c>, of which everything is there that the log names. It
/// may go on growing. Read as a bundle is; safe for concurrent use until it is disposed.
/// </summary>
public sealed class PackedRecording : BundleFiles, IDisposable
{
    private const string Prefix = BundleLayout.PayloadsDirectoryName + "/";
    private const string StreamName = Prefix + BundleLayout.PackedPayloadsFileName;

    private readonly BundleFiles plain;
    private readonly string path;
    private readonly Lock gate = new();
    private OrderedFiles? stream;

    private PackedRecording(string directory)
    {
        plain = InDirectory(directory);
        path = StreamOf(plain.DisplayName);
    }

    /// <inheritdoc/>
    public override string Name => plain.Name;

    /// <inheritdoc/>
    public override string DisplayName => plain.DisplayName;

    /// <summary>Whether a directory is such a bundle.</summary>
    /// <param name="directory">The directory.</param>
    public static bool IsOne(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return File.Exists(StreamOf(directory));
    }

    /// <summary>
    /// The files of a bundle's directory, whichever form it has, and those of its packed rollout beside it as soon as that has taken the directory's place, also in the midst of
    /// reading. What is given may have to be disposed of.
    /// </summary>
    /// <param name="directory">The bundle's directory.</param>
    public static BundleFiles FilesOf(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new RecordedFiles(directory);
    }

    /// <summary>Opens one. Nothing is read until something is asked for.</summary>
    /// <param name="directory">The bundle's directory.</param>
    public static PackedRecording Open(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new PackedRecording(directory);
    }

    /// <inheritdoc/>
    public override string DisplayNameOf(string name) => FilesFor(name).DisplayNameOf(name);

    /// <inheritdoc/>
    public override bool Exists(string name) => FilesFor(name).Exists(name);

    /// <inheritdoc/>
    public override long GetLength(string name) => FilesFor(name).GetLength(name);

    /// <inheritdoc/>
    public override IEnumerable<BundleFile> List(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var files = plain.List(directory);
        return directory.TrimEnd('/') == BundleLayout.PayloadsDirectoryName
            ? files.Where(static file => file.Name != StreamName).Concat(Stream()?.List(directory) ?? [])
            : files;
    }

    /// <inheritdoc/>
    public override long GetTotalLength(string directory) => List(directory).Sum(static file => file.Length);

    /// <inheritdoc/>
    public override Stream OpenRead(string name) => FilesFor(name).OpenRead(name);

    /// <inheritdoc/>
    public override BundleWriterState FindWriter(string? lockId) => plain.FindWriter(lockId);

    /// <inheritdoc/>
    public override PayloadBytes Read(string name, int maxBytes) => FilesFor(name).Read(name, maxBytes);

    /// <inheritdoc/>
    public override PayloadBytes? ReadHead(string name, int count) => FilesFor(name).ReadHead(name, count);

    /// <summary>What is wrong with the stream of payloads; null if nothing. That it ends in the middle is nothing: whatever the log names is before that.</summary>
    public override string? FindDamage() => Stream()?.FindDamage();

    /// <inheritdoc/>
    public void Dispose() => stream?.Dispose();

    /// <summary>As <see cref="FilesOf"/>, of the directory alone.</summary>
    internal static BundleFiles FilesAsTheyAre(string directory) => IsOne(directory) ? new PackedRecording(directory) : InDirectory(directory);

    internal static string StreamOf(string directory) => Path.Join(directory, BundleLayout.PayloadsDirectoryName, BundleLayout.PackedPayloadsFileName);

    private BundleFiles FilesFor(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && Stream() is { } packed ? packed : plain;

    // Until the first payload comes there is nothing in it.
    private OrderedFiles? Stream()
    {
        lock (gate)
        {
            return stream ??= new FileInfo(path) is { Exists: true, Length: > 0 } ? OrderedFiles.TryOpen(path, isGrowing: true) : null;
        }
    }
}
