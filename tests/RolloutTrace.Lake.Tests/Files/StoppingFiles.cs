namespace RolloutTrace.Lake.Tests.Files;

/// <summary>Files of a lake between two changes of which something else happens, or at one of which whoever makes them is killed.</summary>
/// <param name="files">The files.</param>
/// <param name="before">Is called before each write and deletion, with how many there have been.</param>
internal sealed class StoppingFiles(LakeFiles files, Func<int, Task> before) : LakeFiles
{
    private int done;

    public override string Place => files.Place;

    public override Task<bool> IsThereAsync(CancellationToken cancellation = default) => files.IsThereAsync(cancellation);

    public override Task<bool> IsWritableAsync() => files.IsWritableAsync();

    public override Task<IReadOnlyList<string>> DaysOfAsync(string table, CancellationToken cancellation = default) => files.DaysOfAsync(table, cancellation);

    public override IAsyncEnumerable<LakeFile> ListAsync(string prefix, CancellationToken cancellation = default) => files.ListAsync(prefix, cancellation);

    public override async Task<bool> HasAsync(string name)
    {
        var has = await files.HasAsync(name);
        await before(done++);
        return has;
    }

    public override Task<Stream> OpenAsync(string name, CancellationToken cancellation = default) => files.OpenAsync(name, cancellation);

    public override async Task WriteAsync(string name, ReadOnlyMemory<byte> content, bool flush = true)
    {
        await before(done++);
        await files.WriteAsync(name, content, flush);
    }

    public override async Task DeleteAsync(string name)
    {
        await before(done++);
        await files.DeleteAsync(name);
    }
}
