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

    private static readonly byte[] End = new byte[2 * TarEntry.BlockBytes];

    /// <summary>Writes one.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="name">The name of the bundle's directory.</param>
    /// <param name="contents">What is in the bundle.</param>
    /// <param name="startedAtUnixMs">When the rollout started: the time that all members get.</param>
    /// <param name="level">How hard to try.</param>
    /// <exception cref="BundleException">A file of the bundle cannot be read, or changes meanwhile.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Stream output, string name, BundleContents contents, long startedAtUnixMs, int level)
    {
        var writtenAt = Math.Clamp(startedAtUnixMs / 1000, 0, MaxTime);
        var headers = new List<byte[]> { TarHeader.Of(new TarEntry($"{name}/", 0), writtenAt) };
        headers.AddRange(contents.Entries.Select(entry => TarHeader.Of(new TarEntry($"{name}/{entry.Name}", entry.Length), writtenAt)));
        var length = headers.Sum(static header => header.LongLength) + contents.Entries.Sum(static entry => entry.Length + TarEntry.Padding(entry.Length)) + End.Length;
        using var stream = new ZstdWriter(output, level, WindowLog(contents.LongestPayload), length);
        stream.Write(headers[0]);
        var buffer = new byte[1 << 17];
        for (var i = 0; i < contents.Entries.Count; i++)
        {
            stream.Write(headers[i + 1]);
            Copy(contents.PathOf(contents.Entries[i].Name), contents.Entries[i], stream, buffer);
        }

        stream.Write(End);
        stream.End();
    }

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

    private static void Copy(string path, FoundFile entry, ZstdWriter stream, byte[] buffer)
    {
        if (entry.IsDirectory)
        {
            return;
        }

        var left = entry.Length;
        using (var file = SourceFile.Open(path, entry.Length))
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
            throw new BundleException($"{path}: changed while it was packed");
        }

        stream.Write(End.AsSpan(0, TarEntry.Padding(entry.Length)));
    }
}
