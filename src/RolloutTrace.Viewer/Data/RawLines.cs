using RolloutTrace.Bundle;

namespace RolloutTrace.Viewer.Data;

/// <summary>The lines of a log as they stand there, one after the other.</summary>
internal sealed class RawLines(BundleReader bundle) : IDisposable
{
    /// <summary>The most bytes of a line that is no event; longer ones are not shown.</summary>
    private const int MostOfDefect = 1 << 20;

    private const int BufferBytes = 1 << 16;

    private readonly Stream log = new BufferedStream(bundle.Files.OpenRead(bundle.Manifest.RawEventLog), BufferBytes);
    private byte[] buffer = new byte[1 << 12];
    private long place;

    /// <summary>The text of a line without its end, until the next is read; nothing of one that is too long to be shown, or was told of with an event before.</summary>
    public ReadOnlySpan<byte> Read(RawEventLine line)
    {
        var length = line.EndOffset - place;
        place = line.EndOffset;
        if (length > MostOfDefect && line.Event is null)
        {
            Skip(length);
            return default;
        }

        if (length > buffer.Length)
        {
            buffer = new byte[Math.Max(length, 2L * buffer.Length)];
        }

        // A line that two events share is told of with the first; blank lines before it are no lines of their own.
        ReadOnlySpan<byte> text = buffer.AsSpan(0, log.ReadAtLeast(buffer.AsSpan(0, (int)length), (int)length, throwOnEndOfStream: false));
        return text.Trim(" \t\r\n"u8);
    }

    public void Dispose() => log.Dispose();

    private void Skip(long length)
    {
        while (length > 0)
        {
            var read = log.Read(buffer.AsSpan(0, (int)Math.Min(length, buffer.Length)));
            if (read == 0)
            {
                return;
            }

            length -= read;
        }
    }
}
