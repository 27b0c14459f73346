using System.Buffers;

namespace RolloutTrace.Bundle;

/// <summary>
/// Where the files of a bundle are: a directory, or anything else that has named files, such as an archive. Names have slashes and
/// come from a stranger: they are whatever the bundle says, and no file outside the bundle may be given for one.
/// </summary>
/// <remarks>
/// Implementations are safe for concurrent use: a bundle's log and its payloads are read by several threads. What cannot be given
/// is a <see cref="BundleException"/> whose message begins with the file's name as <see cref="DisplayNameOf"/> has it.
/// </remarks>
public abstract class BundleFiles
{
    /// <summary>The bundle's own name, that of its directory or archive.</summary>
    public abstract string Name { get; }

    /// <summary>Where the bundle is, for messages: the full path of a directory or archive.</summary>
    public abstract string DisplayName { get; }

    /// <summary>The files of a directory. Nothing is touched on disk until something is asked for.</summary>
    /// <param name="directory">The directory's path.</param>
    public static BundleFiles InDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new DirectoryFiles(directory);
    }

    /// <summary>A file for messages.</summary>
    public virtual string DisplayNameOf(string name) => $"{DisplayName}/{name}";

    /// <summary>Whether there is a file of that name.</summary>
    /// <exception cref="BundleException">The name leads out of the bundle.</exception>
    public abstract bool Exists(string name);

    /// <summary>Length of a file in bytes.</summary>
    /// <exception cref="BundleException">There is no such file, or it cannot be looked at.</exception>
    public abstract long GetLength(string name);

    /// <summary>The files directly in a directory of the bundle with their lengths, in no certain order; none where there is no such directory.</summary>
    /// <param name="directory">Its name; empty for the bundle itself.</param>
    /// <exception cref="BundleException">It cannot be listed, or leads out of the bundle.</exception>
    public abstract IEnumerable<BundleFile> List(string directory);

    /// <summary>Opens a file for reading from its beginning on. The caller disposes the stream, which is for one thread at a time.</summary>
    /// <exception cref="BundleException">There is no such file, or it cannot be opened.</exception>
    public abstract Stream OpenRead(string name);

    /// <summary>
    /// Looks whether the recorder that holds a lock lives. What is read afterwards of a bundle whose recorder is gone is all that
    /// there will ever be.
    /// </summary>
    /// <param name="lockId">The lock's id, as <see cref="BundleManifest.WriterLock"/> has it; null if the manifest names none.</param>
    public abstract BundleWriterState FindWriter(string? lockId);

    /// <summary>Lengths of all files directly in a directory of the bundle together; 0 where there is no such directory.</summary>
    /// <param name="directory">Its name; empty for the bundle itself.</param>
    /// <exception cref="BundleException">It cannot be listed, or leads out of the bundle.</exception>
    public virtual long GetTotalLength(string directory) => List(directory).Sum(static file => file.Length);

    /// <summary>The whole content of a file.</summary>
    /// <param name="name">The file.</param>
    /// <param name="maxBytes">The most bytes that are read.</param>
    /// <exception cref="BundleException">There is no such file, it cannot be read, or it is longer.</exception>
    public virtual PayloadBytes Read(string name, int maxBytes)
    {
        var length = GetLength(name);
        if (length > maxBytes)
        {
            throw new BundleException($"{DisplayNameOf(name)}: {length} bytes are more than the limit of {maxBytes}");
        }

        using var stream = OpenRead(name);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(length, 1));
        try
        {
            // A file that is shorter by now is given as it is.
            return new PayloadBytes(buffer, stream.ReadAtLeast(buffer.AsSpan(0, (int)length), (int)length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw new BundleException($"{DisplayNameOf(name)}: {FileTrouble.Of(e, "cannot be read")}", e);
        }
    }

    /// <summary>The first bytes of a file, fewer if it has no more; null where they cannot be had without reading the whole.</summary>
    /// <param name="name">The file.</param>
    /// <param name="count">How many bytes.</param>
    /// <exception cref="BundleException">The name leads out of the bundle.</exception>
    public virtual PayloadBytes? ReadHead(string name, int count) => null;

    /// <summary>
    /// What is wrong with where the files are, such as an archive that is damaged or cut off, as a sentence that names it; null if nothing
    /// is known to be. What was not read yet may be read for that, to its end.
    /// </summary>
    public virtual string? FindDamage() => null;
}
