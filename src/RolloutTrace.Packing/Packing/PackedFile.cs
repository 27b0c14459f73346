using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Writes packed rollouts. The same bundle, name and level give the same bytes.</summary>
internal static class PackedFile
{
    // What refers back over this much is read in memory that is in nobody's way, and in the processor's cache.
    private const int MinWindowLog = 25;

    // A request is found again behind a few others that came between.
    private const int PayloadsInWindow = 8;

    // What a tar header has room for.
    private const long MaxTime = (1L << 33) - 1;

    /// <summary>How a tar file ends.</summary>
    internal static readonly byte[] End = new byte[2 * TarEntry.BlockBytes];

    /// <summary>Writes one.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="name">The name of the bundle's directory.</param>
    /// <param name="contents">What is in the bundle.</param>
    /// <param name="startedAtUnixMs">When the rollout started: the time that all members get.</param>
    /// <param name="options">How hard to try, and when to stop.</param>
    /// <exception cref="BundleException">A file of the bundle cannot be read, or changes meanwhile.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static void Write(Stream output, string name, BundleContents contents, long startedAtUnixMs, PackOptions options)
    {
        var writtenAt = TimeOf(startedAtUnixMs);
        var headers = new List<byte[]> { TarHeader.Of(new TarEntry($"{name}/", 0), writtenAt) };
        headers.AddRange(contents.Entries.Select(entry => TarHeader.Of(new TarEntry($"{name}/{entry.Name}", entry.Length), writtenAt)));
        var length = headers.Sum(static header => header.LongLength) + contents.Entries.Sum(static entry => entry.Length + TarEntry.Padding(entry.Length)) + End.Length;
        using var stream = new ZstdWriter(output, options.Level, WindowLog(contents.LongestPayload), length);
        stream.Write(headers[0]);
        var buffer = new byte[1 << 17];
        using var pass = contents.Begin();
        for (var i = 0; i < contents.Entries.Count; i++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            stream.Write(headers[i + 1]);
            Copy(pass, contents.Entries[i], stream, buffer);
        }

        stream.Write(End);
        stream.End();
    }

    /// <summary>The time that all members get, in seconds since the Unix epoch.</summary>
    internal static long TimeOf(long startedAtUnixMs) => Math.Clamp(startedAtUnixMs / 1000, 0, MaxTime);

    /// <summary>How far back a packed rollout refers, as a power of two.</summary>
    internal static int WindowLog(long longestPayload)
    {
        var log = MinWindowLog;
        while (log < PackedFormat.MaxWindowLog && 1L << log < longestPayload * PayloadsInWindow)
        {
            log++;
        }

        return log;
    }

    /// <summary>Writes the content of an entry and what fills its last block; of a directory nothing.</summary>
    /// <exception cref="BundleException">It cannot be read, or has another length by now.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Copy(ContentsPass pass, FoundFile entry, ZstdWriter stream, byte[] buffer)
    {
        if (entry.IsDirectory)
        {
            return;
        }

        var left = entry.Length;
        using (var file = pass.Open(entry))
        {
            while (file.Read(buffer) is > 0 and var read)
            {
                left -= read;
                if (left < 0)
                {
                    break;
                }

                stream.Write(buffer.AsSpan(0, read));
            }
        }

        if (left != 0)
        {
            throw new BundleException($"{pass.PathOf(entry)}: changed while it was packed");
        }

        stream.Write(End.AsSpan(0, TarEntry.Padding(entry.Length)));
        if (entry.Rank.Group == MemberGroup.Manifest)
        {
            // Whoever lists many reads no further, and what is not flushed is read with what follows.
            stream.Flush();
        }
    }
}
