using System.Formats.Tar;
using System.IO.Compression;

namespace RolloutTrace.Bundle;

/// <summary>What is in a tar file, by where it lies. One that ends too early has what is before that.</summary>
internal sealed class TarContent : ArchiveContent
{
    private const int CopyBytes = 1 << 16;

    private readonly FileStream file;

    public TarContent(string path, FileStream file)
    {
        this.file = file;
        try
        {
            Index(path, file);
        }
        catch (Exception e) when (BundleArchive.IsDamage(e) && Bundles.Count > 0)
        {
            // What follows is lost, and the bundle's own log says what there should be.
        }

        // A header may say any length, and where that leads to the system refuses to go, whichever file is then asked for.
        file.Position = 0;
    }

    /// <summary>Unpacks a gzipped one into a file that has no name, so that nothing is left of it after a crash.</summary>
    public static TarContent Unpack(string path, FileStream packed)
    {
        FileStream unpacked;
        try
        {
            unpacked = UnnamedFile.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(path, e);
        }

        try
        {
            CopyTo(unpacked, path, packed);
            unpacked.Position = 0;
            return new TarContent(path, unpacked);
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    public override Stream Open(ArchiveEntry entry) => new FilePart(file.SafeFileHandle, entry.Place, entry.Length);

    public override void Dispose() => file.Dispose();

    private static void CopyTo(FileStream unpacked, string path, FileStream packed)
    {
        var most = MostUnpacked(packed.Length);
        var buffer = new byte[CopyBytes];
        var length = 0L;
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        while (ReadSome(gzip, buffer, length) is > 0 and var read)
        {
            length += read;
            if (length > most)
            {
                throw new BundleException($"{path}: unpacks to more than {most} bytes, which is more than anybody packs");
            }

            try
            {
                unpacked.Write(buffer.AsSpan(0, read));
            }
            catch (IOException e)
            {
                throw NoRoom(path, e);
            }
        }
    }

    // One that ends too early, or is damaged somewhere, gives what is before that.
    private static int ReadSome(GZipStream gzip, byte[] buffer, long before)
    {
        try
        {
            return gzip.Read(buffer);
        }
        catch (InvalidDataException) when (before > 0)
        {
            return 0;
        }
    }

    private static BundleException NoRoom(string path, Exception e) => new($"{path}: {FileTrouble.Of(e, $"cannot be unpacked into {Path.GetTempPath()}")}", e);

    private void Index(string path, FileStream tar)
    {
        using var reader = new TarReader(tar, leaveOpen: true);
        while (reader.GetNextEntry() is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    Add(path, entry.Name, new ArchiveEntry(entry.Length, entry.DataOffset));
                    break;
                case TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes:
                    Skip(path);
                    break;
                default:
                    Add(path, entry.Name, new ArchiveEntry(0, 0, "is a link or a device in the archive, not a file"));
                    break;
            }
        }
    }
}
