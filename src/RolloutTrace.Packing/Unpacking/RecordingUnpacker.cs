using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// Makes the plain bundle of one that is packed while it is recorded, as far as it goes: what recording it plain would have written until then.
/// The recording stays as it is, and may go on.
/// </summary>
internal static class RecordingUnpacker
{
    /// <summary>Writes it into a directory.</summary>
    /// <exception cref="BundleException">Something of it cannot be read.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public static UnpackResult Write(string recording, string directory)
    {
        // Asked before anything is read: what a recorder that is gone by then has written is all there. And what the log names is in the stream
        // before it is in the log, whose length is looked at first.
        var reader = BundleReader.Open(recording);
        var writer = reader.FindWriter();
        var hasEnded = PackableBundle.HasEnded(reader);
        BundleException? damage = null;
        var contents = BundleContents.Of(recording, damaged: found => damage = found);
        var (files, bytes) = (0, 0L);
        using (var pass = contents.Begin())
        {
            // The manifest comes last: it makes the directory a bundle.
            foreach (var entry in contents.Entries.Where(static entry => entry.Rank.Group != MemberGroup.Manifest))
            {
                if (entry.IsDirectory)
                {
                    PrivateFile.CreateDirectory(Path.Join(directory, entry.Name.TrimEnd('/')));
                    continue;
                }

                bytes += Copy(pass, entry, directory);
                files++;
            }
        }

        if (!hasEnded && writer is not (BundleWriterState.Gone or BundleWriterState.NoLock))
        {
            bytes -= CutToWholeLines(Path.Join(directory, BundleLayout.EventLogFileName));
        }

        using (var pass = contents.Begin())
        {
            bytes += Copy(pass, contents.Entries.First(static entry => entry.Rank.Group == MemberGroup.Manifest), directory);
        }

        return new UnpackResult { Directory = directory, Files = files + 1, Bytes = bytes, Damage = damage?.Message ?? Missing(directory, contents) ?? (hasEnded ? null : Unfinished(recording, writer)) };
    }

    private static long Copy(ContentsPass pass, FoundFile entry, string directory)
    {
        var buffer = new byte[(int)Math.Clamp(entry.Length, 1, 1 << 17)];
        var left = entry.Length;
        using var source = pass.Open(entry);
        using var file = PrivateFile.Create(Path.Join(directory, entry.Name), fixMode: true);
        while (left > 0 && source.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length))) is > 0 and var read)
        {
            PrivateFile.Write(file, buffer.AsSpan(0, read), entry.Length - left);
            left -= read;
        }

        return left == 0 ? entry.Length : throw new BundleException($"{pass.PathOf(entry)}: became shorter while it was read");
    }

    // The last line may be half there.
    private static long CutToWholeLines(string log)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var length = file.Length;
        var buffer = new byte[1 << 12];
        for (var end = length; end > 0;)
        {
            var start = Math.Max(0, end - buffer.Length);
            file.Position = start;
            file.ReadExactly(buffer, 0, (int)(end - start));
            if (Array.LastIndexOf(buffer, (byte)'\n', (int)(end - start) - 1) is >= 0 and var at)
            {
                file.SetLength(start + at + 1);
                return length - file.Length;
            }

            end = start;
        }

        file.SetLength(0);
        return length;
    }

    // By the log that was written: that of the recording may have gone on since, and name what came into the stream since.
    private static string? Missing(string directory, BundleContents contents) => PackableBundle.FindMissing(directory, contents) is { } missing
        ? $"{contents.PathOf(StreamedPayloads.FileName)}: ends before {missing}, which the log names"
        : null;

    private static string Unfinished(string recording, BundleWriterState writer) => writer switch
    {
        BundleWriterState.Alive => $"{recording}: is still being recorded",
        BundleWriterState.Gone or BundleWriterState.NoLock => $"{recording}: has no end: its recorder was stopped",
        _ => $"{recording}: has no end, and nothing tells whether it is still being recorded",
    };
}
