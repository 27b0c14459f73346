using System.Globalization;

namespace RolloutTrace.Lake;

/// <summary>
/// Files that are made, and not yet in the lake: on this machine's disk, so that they come into the lake all at once, about, and not one after the other
/// as they are made.
/// </summary>
internal sealed class StagedFiles(LakeFiles lake) : IDisposable
{
    private readonly List<(string Name, string Path)> files = [];
    private string? directory;

    /// <summary>Their names in the lake.</summary>
    public IEnumerable<string> Names => files.Select(static file => file.Name);

    /// <summary>Keeps one.</summary>
    public async Task AddAsync(string name, byte[] content)
    {
        directory ??= Directory.CreateTempSubdirectory("rollout-trace-compact-").FullName;
        var path = Path.Join(directory, files.Count.ToString(CultureInfo.InvariantCulture));
        await File.WriteAllBytesAsync(path, content).ConfigureAwait(false);
        files.Add((name, path));
    }

    /// <summary>Puts them into the lake.</summary>
    public async Task PutAsync()
    {
        foreach (var (name, path) in files)
        {
            if (!await lake.HasAsync(name).ConfigureAwait(false))
            {
                await lake.WriteAsync(name, await File.ReadAllBytesAsync(path).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        if (directory is not null)
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
