using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Opens the files of a bundle one after the other, in the order in which they are packed, wherever their contents are. For one thread.</summary>
internal sealed class ContentsPass(BundleContents contents) : IDisposable
{
    private PackedReader? stream;

    /// <summary>Where an entry is, for messages.</summary>
    public string PathOf(FoundFile entry) => contents.PathOf(entry.Name);

    /// <summary>Opens an entry that is no directory.</summary>
    /// <exception cref="BundleException">It cannot be opened.</exception>
    public Stream Open(FoundFile entry)
    {
        if (contents.Files is { } files)
        {
            return files.OpenRead(entry.Name);
        }

        if (!entry.IsStreamed)
        {
            return SourceFile.Open(PathOf(entry), entry.Length);
        }

        stream ??= new PackedReader(contents.PathOf(StreamedPayloads.FileName), isGrowing: true);
        while (stream.Rank < entry.Rank && stream.MoveNext())
        {
        }

        return stream.Rank == entry.Rank && stream.Length == entry.Length ? new Member(stream) : throw new BundleException($"{PathOf(entry)}: changed while it was packed");
    }

    public void Dispose() => stream?.Dispose();

    private sealed class Member(PackedReader reader) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => reader.Read(buffer);
    }
}
