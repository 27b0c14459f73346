using System.IO.Compression;

namespace RolloutTrace.Cli;

/// <summary>The one way of compressing that every receiver knows.</summary>
internal static class Gzip
{
    public const string Name = "gzip";

    public static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes.Span);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }
}
