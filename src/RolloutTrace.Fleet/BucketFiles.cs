using System.Runtime.CompilerServices;
using RolloutTrace.Lake;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet;

/// <summary>The files of a lake in a bucket of S3, or in an object store of NATS.</summary>
/// <param name="bucket">The bucket; whoever opened it disposes it.</param>
public sealed class BucketFiles(ObjectBucket bucket) : LakeFiles
{
    private const string DayPrefix = "day=";

    /// <inheritdoc/>
    public override string Place { get; } = (bucket ?? throw new ArgumentNullException(nameof(bucket))).Url;

    /// <inheritdoc/>
    public override int AtOnce => 16;

    /// <inheritdoc/>
    public override async Task<bool> IsThereAsync(CancellationToken cancellation = default)
    {
        foreach (var table in RolloutTables.Names)
        {
            if ((await DaysOfAsync(table, cancellation).ConfigureAwait(false)).Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False: what a bucket does not take now, it may take later.</summary>
    public override Task<bool> IsWritableAsync() => Task.FromResult(false);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> DaysOfAsync(string table, CancellationToken cancellation = default)
    {
        var days = new List<string>();
        await foreach (var folder in ToldAsync(bucket.ListFoldersAsync($"{table}/", cancellation)).ConfigureAwait(false))
        {
            if (folder.StartsWith(DayPrefix, StringComparison.Ordinal))
            {
                days.Add(folder[DayPrefix.Length..]);
            }
        }

        return days;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LakeFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var item in ToldAsync(bucket.ListAsync(prefix, cancellation)).ConfigureAwait(false))
        {
            if (item.Name.EndsWith(".parquet", StringComparison.Ordinal))
            {
                yield return new LakeFile(item.Name, item.Bytes, item.PutAt);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<bool> HasAsync(string name) => TellAsync(async () =>
    {
        try
        {
            return await bucket.FindAsync(name).ConfigureAwait(false) is not null;
        }
        catch (StoreException e) when (IsYetToBeMade(e))
        {
            return false;
        }
    });

    /// <inheritdoc/>
    public override Task<Stream> OpenAsync(string name, CancellationToken cancellation = default) => TellAsync<Stream>(async () =>
    {
        var content = new MemoryStream();
        await bucket.GetAsync(name, content, cancellation).ConfigureAwait(false);
        content.Position = 0;
        return content;
    });

    /// <inheritdoc/>
    public override Task WriteAsync(string name, ReadOnlyMemory<byte> content, bool flush = true) => TellAsync(async () =>
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        return await bucket.PutAsync(name, stream).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public override Task DeleteAsync(string name) => TellAsync(async () =>
    {
        await bucket.DeleteAsync(name).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> OfBundleAsync(string bundle, string day)
    {
        if (bucket.ListsByPrefix)
        {
            return await base.OfBundleAsync(bundle, day).ConfigureAwait(false);
        }

        // Each list looks through all.
        var found = new List<string>();
        await foreach (var file in ListAsync("").ConfigureAwait(false))
        {
            if (IsOf(file.Name, bundle) && RolloutTables.Names.Contains(file.Name.Split('/')[0]))
            {
                found.Add(file.Name);
            }
        }

        return found;
    }

    private static async Task<T> TellAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            throw AsIO(e);
        }
    }

    private async IAsyncEnumerable<T> ToldAsync<T>(IAsyncEnumerable<T> items)
    {
        var each = items.GetAsyncEnumerator();
        await using (each.ConfigureAwait(false))
        {
            while (await TellAsync(() => HasNextAsync(each)).ConfigureAwait(false))
            {
                yield return each.Current;
            }
        }
    }

    private async Task<bool> HasNextAsync<T>(IAsyncEnumerator<T> each)
    {
        try
        {
            return await each.MoveNextAsync().ConfigureAwait(false);
        }
        catch (StoreException e) when (IsYetToBeMade(e))
        {
            return false;
        }
    }

    // What is put first makes an object store, and has nothing before.
    private bool IsYetToBeMade(StoreException e) => e.Kind == StoreExceptionKind.NoStore && bucket.IsMadeByPut;

    private static IOException AsIO(StoreException e) => e.Kind == StoreExceptionKind.NoObject ? new FileNotFoundException(e.Message, e) : new IOException(e.Message, e);
}
