using System.IO.Compression;
using RolloutTrace.Bundle;

namespace RolloutTrace.TestSupport;

/// <summary>The files of a bundle in a zip archive. The archive has one stream for all, so a file is taken out of it whole, by one thread at a time.</summary>
public sealed class ZipFiles(string path) : BundleFiles, IDisposable
{
    private readonly ZipArchive archive = ZipFile.OpenRead(path);
    private readonly Lock gate = new();

    public override string Name => Path.GetFileNameWithoutExtension(path);

    public override string DisplayName => path;

    public override bool Exists(string name)
    {
        lock (gate)
        {
            return archive.GetEntry(name) is not null;
        }
    }

    public override long GetLength(string name)
    {
        lock (gate)
        {
            return Entry(name).Length;
        }
    }

    public override IEnumerable<BundleFile> List(string directory)
    {
        lock (gate)
        {
            return [.. archive.Entries
                .Where(entry => Path.GetDirectoryName(entry.FullName) == directory)
                .Select(entry => new BundleFile(entry.FullName, entry.Length))];
        }
    }

    public override Stream OpenRead(string name)
    {
        lock (gate)
        {
            using var packed = Entry(name).Open();
            var content = new MemoryStream();
            packed.CopyTo(content);
            content.Position = 0;
            return content;
        }
    }

    public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Gone;

    public void Dispose() => archive.Dispose();

    private ZipArchiveEntry Entry(string name) => archive.GetEntry(name) ?? throw new BundleException($"{DisplayNameOf(name)}: there is no such file");
}
