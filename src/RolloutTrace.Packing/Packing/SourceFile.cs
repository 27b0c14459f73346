using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Opens files of a bundle that is packed, or compared.</summary>
internal static class SourceFile
{
    // Files up to this length are read as a whole, with the fewest calls of the system.
    private const int AtOnce = 1 << 20;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Its length, as it was found.</param>
    /// <exception cref="BundleException">It cannot be opened.</exception>
    public static Stream Open(string path, long length)
    {
        if (length <= AtOnce && NativeFile.IsSupported && NativeFile.TryRead(path, AtOnce, out var content))
        {
            return new ContentStream(content);
        }

        try
        {
            return PlainFile.Open(path, FileOptions.SequentialScan) is { } handle ? new FileStream(handle, FileAccess.Read, bufferSize: 0) : Stream.Null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{path}: {FileTrouble.Of(e, "cannot be opened")}", e);
        }
    }

    private sealed class ContentStream(PayloadBytes content) : ReadOnlyStream
    {
        private int position;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, content.Length - position);
            content.Span.Slice(position, count).CopyTo(buffer);
            position += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
