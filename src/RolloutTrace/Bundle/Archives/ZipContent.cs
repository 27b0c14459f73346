using System.IO.Compression;

namespace RolloutTrace.Bundle;

/// <summary>What is in a zip file. All entries are read through one stream, so each read of one has it for itself.</summary>
internal sealed class ZipContent : ArchiveContent
{
    private const int UnixModeShift = 16;
    private const int FileTypeBits = 0xF000;
    private const int RegularFile = 0x8000;

    private readonly ZipArchive archive;
    private readonly IReadOnlyList<ZipArchiveEntry> entries;
    private readonly Lock gate = new();

    public ZipContent(string path, FileStream file)
    {
        archive = new ZipArchive(file, ZipArchiveMode.Read);
        entries = archive.Entries;
        var most = MostUnpacked(file.Length);
        var all = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.FullName.EndsWith('/'))
            {
                Skip(path);
                continue;
            }

            if (entry.Length < 0 || entry.Length > most - all)
            {
                throw new BundleException($"{path}: unpacks to more than {most} bytes, which is more than anybody packs");
            }

            all += entry.Length;
            var type = (entry.ExternalAttributes >> UnixModeShift) & FileTypeBits;
            Add(path, entry.FullName, new ArchiveEntry(entry.Length, i, type is 0 or RegularFile ? null : "is a link or a device in the archive, not a file"));
        }
    }

    public override Stream Open(ArchiveEntry entry)
    {
        lock (gate)
        {
            return new EntryStream(entries[(int)entry.Place].Open(), entry.Length, gate);
        }
    }

    public override void Dispose() => archive.Dispose();

    private sealed class EntryStream(Stream inner, long length, Lock gate) : ReadOnlyStream
    {
        private long left = length;

        public override int Read(Span<byte> buffer)
        {
            int read;
            lock (gate)
            {
                read = inner.Read(buffer);
            }

            left -= read;
            return left >= 0 ? read : throw new InvalidDataException("it is longer than the archive says");
        }

        protected override void Dispose(bool disposing)
        {
            lock (gate)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
