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
            // What follows is lost.
            Damage = $"it cannot be read to its end: {e.Message}";
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
            var damage = CopyTo(unpacked, path, packed);
            unpacked.Position = 0;
            var content = new TarContent(path, unpacked);
            content.Damage = damage ?? content.Damage;
            return content;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    public override Stream Open(ArchiveEntry entry) => new FilePart(file.SafeFileHandle, entry.Place, entry.Length);

    public override void Dispose() => file.Dispose();

    // One that ends too early, or is damaged somewhere, gives what is before that.
    private static string? CopyTo(FileStream unpacked, string path, FileStream packed)
    {
        var most = MostUnpacked(packed.Length);
        var room = UnnamedFile.Room();
        var buffer = new byte[CopyBytes];
        var length = 0L;
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        while (ReadSome(gzip, buffer, length, out var damage) is var read)
        {
            if (read == 0)
            {
                return damage;
            }

            length += read;
            if (length > most)
            {
                throw new BundleException($"{path}: unpacks to more than {most} bytes, which is more than anybody packs");
            }

            try
            {
                UnnamedFile.Write(unpacked, buffer.AsSpan(0, read), room);
            }
            catch (IOException e)
            {
                throw NoRoom(path, e);
            }
        }

        return null;
    }

    private static int ReadSome(GZipStream gzip, byte[] buffer, long before, out string? damage)
    {
        damage = null;
        try
        {
            return gzip.Read(buffer);
        }
        catch (InvalidDataException e) when (before > 0)
        {
            damage = $"it cannot be unpacked to its end: {e.Message}";
            return 0;
        }
    }

    private static BundleException NoRoom(string path, Exception e) => new($"{path}: {FileTrouble.Of(e, $"cannot be unpacked into {Path.GetTempPath()}")}", e);

    private void Index(string path, FileStream tar)
    {
        var index = new TarIndex(tar);
        while (index.MoveNext())
        {
            switch (index.Type)
            {
                case '0' when !index.HasHoles:
                    Add(path, index.Name, new ArchiveEntry(index.Length, index.Place));
                    break;
                case '5' or 'g':
                    Skip(path);
                    break;
                default:
                    Add(path, index.Name, new ArchiveEntry(0, 0, index.HasHoles ? "is stored without its holes in the archive, which is not read" : "is a link or a device in the archive, not a file"));
                    break;
            }

            if (index.IsCut)
            {
                Damage = $"it is cut off in '{Shown(index.Name)}'";
            }
        }

        if (index.HasMore)
        {
            Damage ??= "something else follows behind its end, and is not read";
        }
    }
}
