using RolloutTrace.Lake;

namespace RolloutTrace.Fleet.Tests;

/// <summary>Files of which only so many are written or deleted: whoever goes on is as good as killed.</summary>
internal sealed class EndingFiles(LakeFiles files, int steps) : LakeFiles
{
    private int done;

    public override string Place => files.Place;

    public override Task<bool> IsThereAsync(CancellationToken cancellation = default) => files.IsThereAsync(cancellation);

    public override Task<bool> IsWritableAsync() => files.IsWritableAsync();

    public override Task<IReadOnlyList<string>> DaysOfAsync(string table, CancellationToken cancellation = default) => files.DaysOfAsync(table, cancellation);

    public override IAsyncEnumerable<LakeFile> ListAsync(string prefix, CancellationToken cancellation = default) => files.ListAsync(prefix, cancellation);

    public override Task<bool> HasAsync(string name) => files.HasAsync(name);

    public override Task<Stream> OpenAsync(string name, CancellationToken cancellation = default) => files.OpenAsync(name, cancellation);

    public override Task WriteAsync(string name, ReadOnlyMemory<byte> content, bool flush = true) => Step(() => files.WriteAsync(name, content, flush));

    public override Task DeleteAsync(string name) => Step(() => files.DeleteAsync(name));

    private Task Step(Func<Task> step) => Interlocked.Increment(ref done) > steps ? throw new EndedException() : step();

    internal sealed class EndedException : Exception;
}
