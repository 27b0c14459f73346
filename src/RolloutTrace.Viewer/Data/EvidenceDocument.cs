using System.Buffers.Binary;
using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// The second document: the log's lines and the payloads, raw, for whoever wants to see what an answer rests on. Their bytes stand one after the other as they are in the
/// bundle, behind them an index in JSON, and in the last four bytes how long that is. Without content it is the index alone, and empty.
/// </summary>
/// <remarks>
/// Requests repeat each other. A payload that begins or ends like the one before it of the same kind and thread has only what stands
/// between, and how many bytes of that one stand <c>before</c> and <c>after</c> it. Payloads are read with the lines that name them, and what they have of their own
/// is held back until the last line stands there; behind <see cref="RolloutPageOptions.MostHeldBack"/> of it the rest are read then. Not safe for concurrent use.
/// </remarks>
/// <param name="bundle">The bundle; null if there is none.</param>
/// <param name="options">What to show.</param>
/// <param name="destination">Where to; it is left open.</param>
internal sealed class EvidenceDocument(BundleReader? bundle, RolloutPageOptions options, Stream destination) : IReadObserver, IDisposable
{
    // Shorter ones are left to the compression.
    private const int LeastShared = 1024;

    // So many bytes are compared at once.
    private const int Stretch = 256;

    private readonly BundleReader? shown = options.HasContent ? bundle : null;
    private readonly EvidenceIndex index = new();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LastPayload> last = new(StringComparer.Ordinal);
    private readonly List<LeftPayload> left = [];
    private readonly HeldBackStream heldBack = new();
    private RawLines? lines;

    /// <summary>Writes the document of a bundle that nobody else reads.</summary>
    /// <inheritdoc cref="EvidenceDocument(BundleReader?, RolloutPageOptions, Stream)"/>
    public static void Write(BundleReader? bundle, RolloutPageOptions options, Stream destination)
    {
        using var document = new EvidenceDocument(bundle, options, destination);
        document.ReadAll();
        document.Complete();
    }

    /// <summary>Reads the bundle, where nobody else does.</summary>
    public void ReadAll()
    {
        foreach (var line in shown?.ReadEvents() ?? [])
        {
            See(line, payload: null, default);
        }
    }

    /// <inheritdoc/>
    public void See(RawEventLine line, PayloadReference? payload, ReadOnlySpan<byte> bytes)
    {
        if (shown is null)
        {
            return;
        }

        var text = (lines ??= new RawLines(shown)).Read(line);
        destination.Write(text);
        index.AddLine(line.LineNumber, line.Event?.Seq, text.Length);
        foreach (var reference in line.Event?.Payload.PayloadReferences ?? [])
        {
            if (!known.Add(reference.Path))
            {
                continue;
            }

            var group = $"{reference.KindName} {line.Event!.ThreadId}";
            if (left.Count > 0 || heldBack.Length > options.MostHeldBack)
            {
                left.Add(new LeftPayload(reference, group));
            }
            else if (payload?.Path == reference.Path)
            {
                Write(reference, group, bytes, heldBack);
            }
            else
            {
                Read(reference, group, heldBack);
            }
        }
    }

    /// <summary>Writes what stands behind the lines, when all of them were seen.</summary>
    public void Complete()
    {
        heldBack.MoveTo(destination);
        foreach (var (reference, group) in left)
        {
            Read(reference, group, destination);
        }

        var json = index.ToJson();
        destination.Write(json);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        destination.Write(length);
    }

    public void Dispose()
    {
        lines?.Dispose();
        heldBack.Dispose();
        foreach (var payload in last.Values)
        {
            payload.Dispose();
        }
    }

    private void Read(PayloadReference reference, string group, Stream to)
    {
        PayloadBytes read;
        try
        {
            read = shown!.ReadPayload(reference);
        }
        catch (BundleException)
        {
            // That it cannot be read is what reduction reports.
            return;
        }

        using (read)
        {
            Write(reference, group, read.Span, to);
        }
    }

    private void Write(PayloadReference reference, string group, ReadOnlySpan<byte> text, Stream to)
    {
        if (text.Length > options.MostOfPayload)
        {
            WriteBeginning(reference, text, to);
            return;
        }

        var isFirst = !last.TryGetValue(group, out var other);
        if (isFirst)
        {
            last.Add(group, other = new LastPayload());
        }

        var (before, after) = isFirst ? default : Shared(other!.Bytes, text);
        to.Write(text[before..^after]);
        other!.Become(text, before, index.AddPayload(reference, before + after > 0 ? other.Number : null, before, after, text.Length - before - after));
    }

    // Of one that is too large to be shown whole nothing is repeated.
    private void WriteBeginning(PayloadReference reference, ReadOnlySpan<byte> text, Stream to)
    {
        var end = options.MostOfPayload;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        var note = Encoding.UTF8.GetBytes(ShownText.NoteOf(text.Length - end, "bytes"));
        to.Write(text[..end]);
        to.Write(note);
        index.AddPayload(reference, other: null, before: 0, after: 0, end + note.Length);
    }

    // How much of its beginning and its end a text has as the other has them; nothing if that is not worth while.
    private static (int Before, int After) Shared(ReadOnlySpan<byte> other, ReadOnlySpan<byte> text)
    {
        var before = text.CommonPrefixLength(other);
        var after = SameAtEnd(other, text, Math.Min(text.Length, other.Length) - before);
        return before + after < LeastShared ? default : (before, after);
    }

    private static int SameAtEnd(ReadOnlySpan<byte> other, ReadOnlySpan<byte> text, int most)
    {
        var same = 0;
        while (same + Stretch <= most && text[^(same + Stretch)..^same].SequenceEqual(other[^(same + Stretch)..^same]))
        {
            same += Stretch;
        }

        while (same < most && text[^(same + 1)] == other[^(same + 1)])
        {
            same++;
        }

        return same;
    }

    // One that is read when all lines are there.
    private sealed record LeftPayload(PayloadReference Reference, string Group);
}
