namespace RolloutTrace.Stores;

/// <summary>A rollout of a store, as it can be read here.</summary>
public sealed class FetchedRollout : IDisposable
{
    private readonly string? temporary;

    internal FetchedRollout(string path, string version, string? temporary = null)
    {
        Path = path;
        Version = version;
        this.temporary = temporary;
    }

    /// <summary>The packed rollout; in a directory maybe a bundle's directory.</summary>
    public string Path { get; }

    /// <summary>The <see cref="StoredRollout.Version"/> of what was got.</summary>
    public string Version { get; }

    /// <summary>Deletes what was written for it. The store keeps what is its own.</summary>
    public void Dispose()
    {
        if (temporary is null)
        {
            return;
        }

        try
        {
            Directory.Delete(temporary, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Disposed already.
        }
    }

    /// <summary>Writes one into a directory of its own, which nobody else can look into.</summary>
    /// <param name="key">Its key; the file's name is that key's last part.</param>
    /// <param name="write">Writes it, and gives its version.</param>
    internal static async Task<FetchedRollout> WriteAsync(string key, Func<Stream, Task<string>> write)
    {
        var directory = Directory.CreateTempSubdirectory("rollout-trace-").FullName;
        try
        {
            var path = System.IO.Path.Join(directory, key[(key.LastIndexOf('/') + 1)..]);
            string version;
            using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                version = await write(file).ConfigureAwait(false);
            }

            return new FetchedRollout(path, version, directory);
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }
}
