namespace RolloutTrace.Benchmarks.Recording;

/// <summary>A plain loop that writes the files of a bundle: payload files one by one, the log's lines through a buffer.</summary>
internal static class PlainFiles
{
    /// <param name="directory">An empty directory.</param>
    /// <param name="payload">Content of each payload file.</param>
    /// <param name="lines">The log's lines for one payload.</param>
    /// <param name="count">How many payloads.</param>
    public static void Write(string directory, byte[] payload, byte[] lines, int count)
    {
        var payloads = Directory.CreateDirectory(Path.Join(directory, "payloads")).FullName;
        using var log = new FileStream(Path.Join(directory, "trace.jsonl"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        for (var i = 1; i <= count; i++)
        {
            using (var file = File.OpenHandle(Path.Join(payloads, $"{i}.json"), FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, payload, fileOffset: 0);
            }

            log.Write(lines);
        }
    }
}
