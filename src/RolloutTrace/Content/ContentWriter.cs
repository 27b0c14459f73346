using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Content;

/// <summary>Writes entries of content, each for itself, with memory that is used again by the thread's next one. Entries do not write entries with it.</summary>
internal sealed class ContentWriter : IDisposable
{
    // What one large entry has taken is not kept for ever.
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static ContentWriter? ofThread;

    private readonly ArrayBufferWriter<byte> buffer = new(4 << 10);
    private readonly Utf8JsonWriter writer;

    private ContentWriter() => writer = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions);

    /// <summary>The entry in UTF-8.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="maxText">The most bytes of each of the texts and documents in it.</param>
    public static byte[] Write(IContentEntry entry, int maxText)
    {
        var own = Take();
        try
        {
            return own.Written(entry, maxText).ToArray();
        }
        finally
        {
            own.GiveBack();
        }
    }

    /// <summary>How many bytes <see cref="Write"/> gives.</summary>
    public static int Size(IContentEntry entry, int maxText)
    {
        var own = Take();
        try
        {
            return own.Written(entry, maxText).Length;
        }
        finally
        {
            own.GiveBack();
        }
    }

    /// <summary>A list of entries that were written.</summary>
    public static string Join(IReadOnlyList<byte[]> entries)
    {
        var length = entries.Sum(static entry => entry.Length) + Math.Max(entries.Count - 1, 0) + 2;
        var json = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            json[0] = (byte)'[';
            var at = 1;
            foreach (var entry in entries)
            {
                if (at > 1)
                {
                    json[at++] = (byte)',';
                }

                entry.CopyTo(json, at);
                at += entry.Length;
            }

            json[at] = (byte)']';
            return Encoding.UTF8.GetString(json, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json);
        }
    }

    public void Dispose() => writer.Dispose();

    private static ContentWriter Take()
    {
        var own = ofThread ?? new ContentWriter();
        ofThread = null;
        return own;
    }

    private ReadOnlySpan<byte> Written(IContentEntry entry, int maxText)
    {
        buffer.ResetWrittenCount();
        writer.Reset();
        entry.WriteTo(writer, maxText);
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private void GiveBack()
    {
        if (buffer.Capacity <= MostKept)
        {
            ofThread = this;
        }
        else
        {
            Dispose();
        }
    }
}
