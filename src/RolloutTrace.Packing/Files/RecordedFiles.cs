using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// The files of a bundle's directory, or of its packed rollout as soon as that has taken the directory's place: they are the same, and whoever has begun to read goes on.
/// Safe for concurrent use until it is disposed.
/// </summary>
internal sealed class RecordedFiles : BundleFiles, IDisposable
{
    private readonly string directory;
    private readonly BundleFiles recorded;
    private readonly Lock gate = new();
    private PackedBundle? packed;

    /// <param name="directory">The bundle's directory.</param>
    public RecordedFiles(string directory)
    {
        this.directory = directory;
        recorded = PackedRecording.FilesAsTheyAre(directory);
    }

    /// <inheritdoc/>
    public override string Name => recorded.Name;

    /// <inheritdoc/>
    public override string DisplayName => Now.DisplayName;

    private BundleFiles Now => Volatile.Read(ref packed) ?? recorded;

    /// <inheritdoc/>
    public override string DisplayNameOf(string name) => Now.DisplayNameOf(name);

    /// <inheritdoc/>
    public override bool Exists(string name) => Ask(files => files.Exists(name), static exists => !exists);

    /// <inheritdoc/>
    public override long GetLength(string name) => Ask(files => files.GetLength(name));

    /// <inheritdoc/>
    public override IEnumerable<BundleFile> List(string directory) => Ask(files => files.List(directory), static files => !files.Any());

    /// <inheritdoc/>
    public override long GetTotalLength(string directory) => Ask(files => files.GetTotalLength(directory), static length => length == 0);

    /// <inheritdoc/>
    public override Stream OpenRead(string name) => Ask(files => files.OpenRead(name));

    /// <inheritdoc/>
    public override BundleWriterState FindWriter(string? lockId) => Now.FindWriter(lockId);

    /// <inheritdoc/>
    public override PayloadBytes Read(string name, int maxBytes) => Ask(files => files.Read(name, maxBytes));

    /// <inheritdoc/>
    public override PayloadBytes? ReadHead(string name, int count) => Ask(files => files.ReadHead(name, count), static head => head is null);

    /// <inheritdoc/>
    public override string? FindDamage() => Ask(static files => files.FindDamage());

    /// <inheritdoc/>
    public void Dispose()
    {
        (recorded as IDisposable)?.Dispose();
        packed?.Dispose();
    }

    // What is gone says so, or has nothing.
    private T Ask<T>(Func<BundleFiles, T> question, Func<T, bool>? isNothing = null)
    {
        var asked = Now;
        try
        {
            var answer = question(asked);
            return isNothing?.Invoke(answer) == true && asked == recorded && TryGoOn() ? question(Now) : answer;
        }
        catch (BundleException) when (asked == recorded && TryGoOn())
        {
            return question(Now);
        }
    }

    // The manifest goes first when a bundle is deleted, and its packed rollout is there before that.
    private bool TryGoOn()
    {
        lock (gate)
        {
            if (packed is null && !BundleReader.IsBundle(directory))
            {
                Volatile.Write(ref packed, PackedBundle.TryOpenBeside(directory));
            }

            return packed is not null;
        }
    }
}
