using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// A tar file under zstd that another program made of a bundle, such as <c>tar --zstd -cf</c>: its members stand in any order, so it is unpacked into
/// a file without a name and read there, as a gzipped one is. It may come from a stranger. Safe for concurrent use until it is disposed.
/// </summary>
internal sealed class OtherTar : IDisposable
{
    private const int CopyBytes = 1 << 17;

    private readonly BundleArchive archive;

    private OtherTar(string path, BundleArchive archive, string? damage)
    {
        this.archive = archive;
        Files = archive.Bundles switch
        {
            [var bundle] => archive.FilesOf(bundle),
            [] => throw new BundleException(damage ?? $"{path}: is no packed rollout: there is no {BundleLayout.ManifestFileName} in it"),
            var bundles => throw new BundleException($"{path}: has {bundles.Count} bundles in it, and only a packed rollout or a tar file of one bundle is read; 'tar --zstd -xf' unpacks them"),
        };
        Damage = damage ?? Files.FindDamage();
    }

    /// <summary>The files of the bundle in it.</summary>
    public BundleFiles Files { get; }

    /// <summary>What is wrong with it behind what was unpacked, or is in it and is not read; null if nothing.</summary>
    public string? Damage { get; }

    /// <summary>Unpacks one.</summary>
    /// <param name="path">The file's full path.</param>
    /// <exception cref="BundleException">There is no bundle in it, or more than one; it cannot be read, or there is no room.</exception>
    public static OtherTar Open(string path)
    {
        FileStream? file = null;
        BundleArchive? archive = null;
        try
        {
            file = UnnamedFile.Create();
            var damage = Unpack(path, file);
            file.Position = 0;
            archive = BundleArchive.OfTar(path, file);
            return new OtherTar(path, archive, damage);
        }
        catch (Exception e)
        {
            archive?.Dispose();
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new BundleException($"{path}: {FileTrouble.Of(e, $"has its members in no order of a packed rollout, and cannot be unpacked into {Path.GetTempPath()} for that")}", e);
            }

            throw;
        }
    }

    public void Dispose() => archive.Dispose();

    // What comes before the damage is there to be read.
    private static string? Unpack(string path, FileStream to)
    {
        var buffer = new byte[CopyBytes];
        var room = UnnamedFile.Room();
        try
        {
            using var frame = new ZstdFrame(PlainFile.Open(path, FileOptions.SequentialScan) ?? throw new InvalidDataException("it is empty"));
            while (frame.Read(buffer) is > 0 and var read)
            {
                UnnamedFile.Write(to, buffer.AsSpan(0, read), room);
            }

            frame.ReadTrailer(maxBytes: 0);
            return null;
        }
        catch (InvalidDataException e)
        {
            return $"{path}: {FileTrouble.Of(e, "cannot be read to its end")}";
        }
    }
}
