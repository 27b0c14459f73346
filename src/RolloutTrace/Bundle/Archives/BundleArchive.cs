namespace RolloutTrace.Bundle;

/// <summary>
/// A zip, tar or gzipped tar file that holds bundles, read as it is: nothing of it gets a name on disk, and what is not asked for is not
/// unpacked, except that a gzipped tar is unpacked into one file without a name. It may come from a stranger: see the limits. Safe
/// for concurrent use until it is disposed, with the files that it gave.
/// </summary>
public sealed class BundleArchive : IDisposable
{
    /// <summary>The most entries that an archive may have, directories included.</summary>
    public const int MaxEntries = 1_000_000;

    /// <summary>The most letters that the names of all entries may have together: 64 Mi.</summary>
    public const int MaxNames = 64 << 20;

    /// <summary>How many times its own length an archive may unpack to, where that is more than <see cref="AlwaysUnpacked"/>.</summary>
    public const int MaxGrowth = 100;

    /// <summary>What every archive may unpack to, in bytes: 256 MiB.</summary>
    public const long AlwaysUnpacked = 256L << 20;

    private readonly ArchiveContent content;

    private BundleArchive(string path, ArchiveContent content)
    {
        Path = path;
        this.content = content;
    }

    /// <summary>The archive's full path.</summary>
    public string Path { get; }

    /// <summary>The directories in the archive that hold a bundle, by the manifest in them, in ordinal order; empty for the archive itself.</summary>
    public IReadOnlyList<string> Bundles => content.Bundles;

    /// <summary>Opens an archive, whatever its name is.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null if the file is no archive that is known.</returns>
    /// <exception cref="BundleException">It is one and cannot be read, or is beyond the limits; or there is no such file.</exception>
    public static BundleArchive? TryOpen(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = System.IO.Path.GetFullPath(path);
        FileStream? file = null;
        try
        {
            if (PlainFile.Open(path) is not { } handle)
            {
                return null;
            }

            file = new FileStream(handle, FileAccess.Read, bufferSize: 1 << 16);
            ArchiveContent? content = ArchiveFormats.Of(file) switch
            {
                ArchiveFormat.Zip => new ZipContent(path, file),
                ArchiveFormat.Tar => new TarContent(path, file),
                ArchiveFormat.GzippedTar => TarContent.Unpack(path, file),
                _ => null,
            };
            if (content is null)
            {
                file.Dispose();
                return null;
            }

            return new BundleArchive(path, content);
        }
        catch (Exception e) when (IsDamage(e))
        {
            file?.Dispose();
            throw new BundleException($"{path}: {FileTrouble.Of(e, "cannot be read as an archive")}", e);
        }
        catch (BundleException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>The files of a bundle, of those in <see cref="Bundles"/>. They can be read until the archive is disposed.</summary>
    /// <param name="bundle">Its directory in the archive.</param>
    public BundleFiles FilesOf(string bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return new ArchiveFiles(Path, bundle, isOnlyOne: Bundles.Count == 1, content);
    }

    /// <inheritdoc/>
    public void Dispose() => content.Dispose();

    /// <summary>What is in a tar file, whoever unpacked that; it is disposed with this.</summary>
    /// <param name="path">The archive's full path, for messages.</param>
    /// <param name="tar">The tar file.</param>
    /// <exception cref="BundleException">It cannot be read, or is beyond the limits.</exception>
    internal static BundleArchive OfTar(string path, FileStream tar)
    {
        try
        {
            return new BundleArchive(path, new TarContent(path, tar));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new BundleException($"{path}: {FileTrouble.Of(e, "cannot be read as an archive")}", e);
        }
    }

    internal static bool IsDamage(Exception e) =>
        e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException or FormatException or ArgumentException or OverflowException;
}
