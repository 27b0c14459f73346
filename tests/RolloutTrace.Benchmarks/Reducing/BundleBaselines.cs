using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Benchmarks.Reducing;

/// <summary>
/// What any reducer must at least do, in the plainest way: one thread, one buffer, every file of the bundle
/// once, in the order of the event log.
/// </summary>
internal sealed class BundleBaselines
{
    private readonly string[] files;
    private byte[] buffer = new byte[1 << 20];

    public BundleBaselines(string directory)
    {
        var payloads = Path.Join(directory, BundleLayout.PayloadsDirectoryName);
        var count = Directory.GetFiles(payloads).Length;
        files =
        [
            Path.Join(directory, BundleLayout.ManifestFileName),
            Path.Join(directory, BundleLayout.EventLogFileName),
            .. Enumerable.Range(1, count).Select(n => Path.Join(payloads, $"{n}.json")),
        ];
    }

    /// <summary>Reads every file and does nothing with it.</summary>
    /// <returns>The number of bytes read.</returns>
    public long ReadFiles()
    {
        long total = 0;
        foreach (var file in files)
        {
            total += Read(file).Length;
        }

        return total;
    }

    /// <summary>Reads every file and walks every token of it.</summary>
    /// <returns>The number of tokens.</returns>
    public long WalkTokens()
    {
        long tokens = 0;
        foreach (var file in files)
        {
            var reader = new Utf8JsonReader(Read(file), new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                tokens++;
            }
        }

        return tokens;
    }

    private ReadOnlySpan<byte> Read(string file)
    {
        using var handle = File.OpenHandle(file);
        var length = (int)RandomAccess.GetLength(handle);
        if (length > buffer.Length)
        {
            buffer = new byte[length * 2];
        }

        var read = 0;
        while (read < length)
        {
            var n = RandomAccess.Read(handle, buffer.AsSpan(read, length - read), read);
            if (n == 0)
            {
                break;
            }

            read += n;
        }

        return buffer.AsSpan(0, read);
    }
}
