using System.Buffers;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>The lines of a log as they are, without their ends, up to a length that the log had.</summary>
internal static class LogLines
{
    /// <param name="stream">The log.</param>
    /// <param name="length">How many bytes of it are read.</param>
    /// <param name="maxLineBytes">The longest line that is given.</param>
    /// <returns>A line's bytes, valid until the next, or null where it is too long; and whether a line end follows.</returns>
    public static IEnumerable<(ReadOnlyMemory<byte>? Line, bool HasEnd)> Read(Stream stream, long length, int maxLineBytes)
    {
        var buffer = new byte[1 << 16];
        var line = new ArrayBufferWriter<byte>();
        var isTooLong = false;
        while (length > 0 && stream.Read(buffer, 0, (int)Math.Min(buffer.Length, length)) is var read and > 0)
        {
            length -= read;
            for (var at = 0; at < read;)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', at, read - at);
                var part = buffer.AsSpan(at, (end < 0 ? read : end) - at);
                isTooLong |= line.WrittenCount + part.Length > maxLineBytes;
                if (!isTooLong)
                {
                    line.Write(part);
                }

                at += part.Length + 1;
                if (end >= 0)
                {
                    yield return (isTooLong ? null : line.WrittenMemory, true);
                    line.ResetWrittenCount();
                    isTooLong = false;
                }
            }
        }

        if (isTooLong || line.WrittenCount > 0)
        {
            yield return (isTooLong ? null : line.WrittenMemory, false);
        }
    }
}
