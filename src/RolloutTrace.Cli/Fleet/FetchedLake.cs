using RolloutTrace.Lake;

namespace RolloutTrace.Cli;

/// <summary>
/// A part of a lake that lies in a bucket, in a directory of this machine that nobody else can look into, and that goes when it is disposed. What of such
/// directories a killed process left goes with the next.
/// </summary>
internal sealed class FetchedLake : IDisposable
{
    private const string Prefix = "rollout-trace-lake-";

    // Held as long as the directory is needed.
    private const string LockName = "in-use";

    // Whoever makes one holds its lock soon.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly string directory;
    private readonly FileStream held;

    private FetchedLake(string directory, FileStream held)
    {
        this.directory = directory;
        this.held = held;
    }

    /// <summary>The directory of the part.</summary>
    public string Path => System.IO.Path.Join(directory, "lake");

    /// <summary>What was fetched.</summary>
    public required CopiedPart Part { get; init; }

    /// <summary>Fetches a part.</summary>
    /// <exception cref="IOException">It cannot be fetched.</exception>
    public static async Task<FetchedLake> FetchAsync(RolloutLake lake, LakePart part, CancellationToken stop)
    {
        DeleteLeft();
        var directory = Directory.CreateTempSubdirectory(Prefix).FullName;
        FileStream? held = null;
        try
        {
            held = Hold(directory);
            var place = Directory.CreateDirectory(System.IO.Path.Join(directory, "lake")).FullName;
            return new FetchedLake(directory, held) { Part = await lake.CopyAsync(part, place, stop).ConfigureAwait(false) };
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            held?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Directory.Delete(directory, recursive: true);
        held.Dispose();
    }

    private static FileStream Hold(string directory) => new(System.IO.Path.Join(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void DeleteLeft()
    {
        foreach (var left in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                if (File.Exists(System.IO.Path.Join(left, LockName)) || DateTime.UtcNow - Directory.GetLastWriteTimeUtc(left) > Abandoned)
                {
                    using (Hold(left))
                    {
                        Directory.Delete(left, recursive: true);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is in use, or somebody else's.
            }
        }
    }
}
