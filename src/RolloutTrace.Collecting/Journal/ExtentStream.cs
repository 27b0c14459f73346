using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Journal;

/// <summary>Bodies of a journal one behind the other. Read once, from its beginning on.</summary>
/// <param name="journal">The journal; it is disposed with the stream.</param>
/// <param name="extents">Where they are. In the place of one that is null there are the bytes from elsewhere.</param>
/// <param name="elsewhere">Bytes that are not in the journal yet.</param>
/// <param name="asLines">Whether a newline stands behind each.</param>
internal sealed class ExtentStream(JournalReader journal, IReadOnlyList<Extent?> extents, ReadOnlyMemory<byte> elsewhere = default, bool asLines = false) : ReadOnlyStream
{
    private int current;
    private int at;

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        while (current < extents.Count && read < buffer.Length)
        {
            var length = extents[current]?.Length ?? elsewhere.Length;
            var count = Math.Min(length - at, buffer.Length - read);
            Copy(buffer.Slice(read, count));
            (at, read) = (at + count, read + count);
            if (at < length || (asLines && read == buffer.Length))
            {
                break;
            }

            if (asLines)
            {
                buffer[read++] = (byte)'\n';
            }

            (current, at) = (current + 1, 0);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            journal.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Copy(Span<byte> target)
    {
        if (extents[current] is { } extent)
        {
            journal.Read(extent.Offset + at, target);
        }
        else
        {
            elsewhere.Span.Slice(at, target.Length).CopyTo(target);
        }
    }
}
