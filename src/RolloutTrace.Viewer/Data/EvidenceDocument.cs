using System.Buffers.Binary;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// The second document: the log's lines and the payloads, raw, for whoever wants to see what an answer rests on. Their bytes stand one after the other as they are in the
/// bundle, behind them an index in JSON, and in the last four bytes how long that is. Without content it is the index alone, and empty.
/// </summary>
/// <remarks>
/// Requests repeat each other. A payload that begins or ends like the one before it of the same kind and thread has only what stands
/// between, and how many bytes of that one stand <c>before</c> and <c>after</c> it.
/// </remarks>
internal static class EvidenceDocument
{
    // Shorter ones are left to the compression.
    private const int LeastShared = 1024;

    // So many bytes are compared at once.
    private const int Stretch = 256;

    /// <summary>Writes the document.</summary>
    /// <param name="bundle">The bundle; null if there is none.</param>
    /// <param name="options">What to show.</param>
    /// <param name="destination">Where to.</param>
    public static void Write(BundleReader? bundle, RolloutPageOptions options, Stream destination)
    {
        var index = new EvidenceIndex();
        if (bundle is not null && options.HasContent)
        {
            var payloads = new List<EvidencePayload>();
            Lines(index, bundle, payloads, destination);
            Payloads(index, bundle, payloads, options.MostOfPayload, destination);
        }

        var json = index.ToJson();
        destination.Write(json);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        destination.Write(length);
    }

    private static void Lines(EvidenceIndex index, BundleReader bundle, List<EvidencePayload> payloads, Stream destination)
    {
        using var lines = new RawLines(bundle);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in bundle.ReadEvents())
        {
            var text = lines.Read(line);
            destination.Write(text);
            index.AddLine(line.LineNumber, line.Event?.Seq, text.Length);
            foreach (var reference in line.Event?.Payload.PayloadReferences ?? [])
            {
                if (known.Add(reference.Path))
                {
                    payloads.Add(new EvidencePayload(reference, $"{reference.KindName} {line.Event!.ThreadId}"));
                }
            }
        }
    }

    private static void Payloads(EvidenceIndex index, BundleReader bundle, List<EvidencePayload> payloads, int most, Stream destination)
    {
        var last = new Dictionary<string, EvidencePayload>(StringComparer.Ordinal);
        foreach (var payload in payloads)
        {
            if (Read(bundle, payload.Reference) is not { } text)
            {
                continue;
            }

            if (text.Span.Length > most)
            {
                using (text)
                {
                    WriteBeginning(index, payload.Reference, text.Span, most, destination);
                }

                continue;
            }

            payload.Bytes = text;
            var other = last.GetValueOrDefault(payload.Group);
            var (before, after) = other is null ? default : Shared(other.Bytes!.Span, text.Span);
            var own = text.Span[before..^after];
            destination.Write(own);
            payload.Number = index.AddPayload(payload.Reference, before + after > 0 ? other!.Number : null, before, after, own.Length);
            other?.Bytes!.Dispose();
            last[payload.Group] = payload;
        }

        foreach (var payload in last.Values)
        {
            payload.Bytes!.Dispose();
        }
    }

    // Of one that is too large to be shown whole nothing is repeated.
    private static void WriteBeginning(EvidenceIndex index, PayloadReference reference, ReadOnlySpan<byte> text, int most, Stream destination)
    {
        var end = most;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        var note = Encoding.UTF8.GetBytes(ShownText.NoteOf(text.Length - end, "bytes"));
        destination.Write(text[..end]);
        destination.Write(note);
        index.AddPayload(reference, other: null, before: 0, after: 0, end + note.Length);
    }

    private static PayloadBytes? Read(BundleReader bundle, PayloadReference payload)
    {
        try
        {
            return bundle.ReadPayload(payload);
        }
        catch (BundleException)
        {
            return null;
        }
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

    // A payload, which of others it may repeat, and where it stands in the index once it is there.
    private sealed record EvidencePayload(PayloadReference Reference, string Group)
    {
        public PayloadBytes? Bytes { get; set; }

        public int Number { get; set; }
    }
}
