namespace RolloutTrace.Bundle;

/// <summary>
/// Shows to other processes that a recorder lives: a lock that the system lets go when the process dies, however it
/// dies. It lies beside the bundles, one for a recorder and not one for a bundle, since a process can have very many of those open;
/// <see cref="BundleManifest.WriterLock"/> says which it is. Safe for concurrent use.
/// </summary>
public sealed class BundleWriterLock : IDisposable
{
    // Only a regular file says that it has a length, so a reader need not open whatever else has the name.
    private static readonly byte[] Notice =
        "Locked by the process that records the bundles beside it that name it. It goes when that process ends.\n"u8.ToArray();

    private const int Attempts = 3;
    private const string FilePrefix = ".recorder-";
    private const string FileSuffix = ".lock";

    private readonly FileStream file;
    private readonly string path;

    private BundleWriterLock(FileStream file, string path, string id)
    {
        this.file = file;
        this.path = path;
        Id = id;
    }

    /// <summary>What manifests name it by, a UUID.</summary>
    public string Id { get; }

    /// <summary>Whether readers find it. Somebody may have deleted it, with its directory or alone.</summary>
    public bool IsInPlace => File.Exists(path);

    /// <summary>
    /// Takes a lock of its own in the directory that holds the bundles, and deletes those there that dead processes have left
    /// behind. Null where that cannot be done: no permission, no room, or a file system on which locks do not lock.
    /// </summary>
    /// <param name="root">The directory that holds the bundles; created when it is missing.</param>
    public static BundleWriterLock? TryTake(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        root = Path.GetFullPath(root);
        FileSizeSignal.Handle();
        for (var i = 0; i < Attempts; i++)
        {
            try
            {
                PrivateFile.CreateDirectory(root);
                if (TryCreate(root) is not { } taken)
                {
                    return null;
                }

                if (taken.IsInPlace)
                {
                    DeleteLeft(root);
                    return taken;
                }

                taken.Dispose();
            }
            catch (Exception e) when (FileLock.IsHeldElsewhere(e) || e is FileNotFoundException)
            {
                // Another recorder is just cleaning up, and found the file before it was locked.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Lets it go and deletes it.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>Looks whether somebody holds the lock that a bundle names.</summary>
    /// <param name="bundle">The bundle's directory.</param>
    /// <param name="id">The lock's id; a stranger may have written it.</param>
    internal static BundleWriterState Look(string bundle, string? id)
    {
        if (id is null || !Guid.TryParseExact(id, "D", out _))
        {
            return BundleWriterState.Unknown;
        }

        try
        {
            var place = Directory.ResolveLinkTarget(bundle, returnFinalTarget: true)?.FullName ?? bundle;
            return FileLock.Look(Path.Join(Path.GetDirectoryName(place), FileName(id)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return BundleWriterState.Unknown;
        }
    }

    private static string FileName(string id) => FilePrefix + id + FileSuffix;

    // The handle that stays open is for reading only: one for writing would keep the file system from being made read-only.
    private static BundleWriterLock? TryCreate(string root)
    {
        var id = Guid.NewGuid().ToString();
        var path = Path.Join(root, FileName(id));
        try
        {
            using (var created = PrivateFile.Create(path, fixMode: true))
            {
                PrivateFile.Write(created, Notice, offset: 0);
            }

            var file = FileLock.Hold(path);
            if (FileLock.Look(path) != BundleWriterState.Unknown)
            {
                return new BundleWriterLock(file, path, id);
            }

            file.Dispose();
            return null;
        }
        catch
        {
            BestEffort.DeleteFile(path);
            throw;
        }
    }

    // What is locked and then deleted has no owner: a new file's owner looks for it again once it has locked it.
    private static void DeleteLeft(string root)
    {
        foreach (var left in Directory.EnumerateFiles(root, FilePrefix + "*" + FileSuffix))
        {
            try
            {
                if (FileLock.Look(left) == BundleWriterState.Gone)
                {
                    FileLock.Hold(left).Dispose();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or gone already.
            }
        }
    }
}
