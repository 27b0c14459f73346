using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// Makes the packed rollout of a bundle that was packed while it was recorded: the stream of payloads is taken as it is, between a frame
/// with manifest and log and one with the rest. That takes about as long as the packed rollout is long, and not the bundle.
/// </summary>
internal static class RecordingPacker
{
    private const int WindowLog = 25;

    /// <summary>Packs it, reads back what was written, and then deletes the bundle.</summary>
    /// <exception cref="BundleException">The stream has no end, as that of a recorder that was killed, or something is damaged. The bundle is as it was.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Something may not be written.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static void Pack(string bundle, string path, PackOptions options)
    {
        var manifest = PackableBundle.Check(bundle, options.Time);
        var contents = BundleContents.Of(bundle, withStreamed: false);
        using var file = new UnfinishedFile(path);
        Write(file.Stream, bundle, contents, manifest.StartedAtUnixMs, options);
        PackedSummary.Append(file, BundlePacker.SummaryOf(bundle, options));
        file.Keep();
        if (FindDifference(contents, file.Path, options.Cancellation) is not null || !contents.IsSame(BundleContents.Of(bundle, withStreamed: false)))
        {
            throw new BundleException($"{bundle}: changed while it was packed, and stays");
        }

        file.Move(PackableBundle.WrittenAt(bundle));
        DirectorySync.Names(Path.GetDirectoryName(path)!);
        PackedBundleDeletion.Delete(bundle, contents);
    }

    private static void Write(Stream output, string bundle, BundleContents contents, long startedAtUnixMs, PackOptions options)
    {
        var stream = contents.Stream is { Length: > 0 } found ? found : (FoundFile?)null;
        var name = stream is null ? Path.GetFileName(bundle) : RootOf(contents.PathOf(stream.Value.Name));
        var writer = new FrameWriter(output, name, PackedFile.TimeOf(startedAtUnixMs), contents, options);
        writer.Write([new FoundFile("", MemberRank.Of(""), 0, 0, IsLink: false), .. contents.Entries.Where(static entry => entry.Rank.Group is MemberGroup.Manifest or MemberGroup.Log)], []);
        if (stream is not null)
        {
            using var source = SourceFile.Open(contents.PathOf(stream.Value.Name), stream.Value.Length);
            var buffer = new byte[1 << 17];
            while (source.Read(buffer) is > 0 and var read)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                output.Write(buffer.AsSpan(0, read));
            }
        }

        // The stream begins with the directory of payloads.
        writer.Write([.. contents.Entries.Where(entry => entry.Rank.Group > MemberGroup.Log && (stream is null || entry.Rank.Group != MemberGroup.Payloads))], PackedFile.End);
    }

    // All is decoded, so that checksums and order are looked at, and what is beside the payloads is compared.
    private static string? FindDifference(BundleContents contents, string packed, CancellationToken cancellation)
    {
        var files = contents.Entries.Where(static entry => !entry.IsDirectory).ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        using var pass = contents.Begin();
        using var reader = new PackedReader(packed);
        while (reader.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (files.Remove(reader.Name, out var entry) && !BundleComparison.IsSame(reader, pass, entry))
            {
                return reader.Name;
            }
        }

        return files.Keys.FirstOrDefault();
    }

    // The directory may have got another name since.
    private static string RootOf(string stream)
    {
        using var reader = new PackedReader(stream);
        return reader.MoveNext() ? reader.Root : throw new BundleException($"{stream}: there is nothing in it");
    }

    private sealed class FrameWriter(Stream output, string name, long writtenAt, BundleContents contents, PackOptions options)
    {
        private readonly byte[] buffer = new byte[1 << 17];

        public void Write(IReadOnlyList<FoundFile> entries, ReadOnlySpan<byte> end)
        {
            var headers = entries.Select(entry => TarHeader.Of(new TarEntry($"{name}/{entry.Name}", entry.Length), writtenAt)).ToList();
            var length = headers.Sum(static header => header.LongLength) + entries.Sum(static entry => entry.Length + TarEntry.Padding(entry.Length)) + end.Length;
            using var frame = new ZstdWriter(output, options.Level, WindowLog, length);
            using var pass = contents.Begin();
            for (var i = 0; i < entries.Count; i++)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                frame.Write(headers[i]);
                if (entries[i].Name.Length > 0)
                {
                    PackedFile.Copy(pass, entries[i], frame, buffer);
                }
            }

            frame.Write(end);
            frame.End();
        }
    }
}
