using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Bundle;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// The second document: the log's lines and the payloads, raw, for whoever wants to see what an answer rests on. The page opens it when that is
/// first asked for. Without content it is empty.
/// </summary>
/// <remarks>
/// Requests repeat each other. A payload that begins or ends like the one before it of the same kind and thread has only what stands
/// between, and how many characters of that one stand <c>before</c> and <c>after</c> it.
/// </remarks>
internal static class EvidenceDocument
{
    // Shorter ones are left to the compression.
    private const int LeastShared = 1024;

    // So many bytes are compared at once.
    private const int Stretch = 256;

    public static void Write(BundleReader? bundle, RolloutPageOptions options, Stream destination)
    {
        using var json = ViewJson.WriterTo(destination);
        json.WriteStartObject();
        json.WriteNumber("version", ViewDocument.Version);
        if (bundle is not null && options.HasContent)
        {
            var payloads = new List<(PayloadReference, string)>();
            Lines(json, bundle, payloads);
            Payloads(json, bundle, payloads);
        }

        json.WriteEndObject();
    }

    private static void Lines(Utf8JsonWriter json, BundleReader bundle, List<(PayloadReference Payload, string Group)> payloads)
    {
        using var lines = new RawLines(bundle);
        json.WriteStartArray("lines");
        foreach (var line in bundle.ReadEvents())
        {
            json.WriteStartObject();
            json.WriteNumber("line", line.LineNumber);
            json.Number("seq", line.Event?.Seq);
            json.Text("text", lines.Read(line));
            json.EndElement();
            foreach (var reference in line.Event?.Payload.PayloadReferences ?? [])
            {
                payloads.Add((reference, $"{reference.KindName} {line.Event!.ThreadId}"));
            }
        }

        json.WriteEndArray();
    }

    private static void Payloads(Utf8JsonWriter json, BundleReader bundle, List<(PayloadReference Payload, string Group)> payloads)
    {
        var last = new Dictionary<string, Written>(StringComparer.Ordinal);
        json.WriteStartObject("payloads");
        foreach (var (payload, group) in payloads.DistinctBy(static entry => entry.Payload.Path))
        {
            if (Read(bundle, payload) is not { } text)
            {
                continue;
            }

            var other = last.GetValueOrDefault(group);
            last[group] = Write(json, payload, text, other);
            other?.Text.Dispose();
        }

        json.WriteEndObject();
        foreach (var written in last.Values)
        {
            written.Text.Dispose();
        }
    }

    private static Written Write(Utf8JsonWriter json, PayloadReference payload, PayloadBytes text, Written? other)
    {
        // What it shares with one that is UTF-8 is UTF-8: only the rest is looked at.
        var (before, after) = other is null ? default : Shared(other.Text.Span, text.Span);
        if (!Utf8.IsValid(text.Span[before..^after]))
        {
            text = Mended(text);
            (before, after) = other is null ? default : Shared(other.Text.Span, text.Span);
        }

        json.WriteStartObject(payload.Path);
        json.WriteString("kind", payload.KindName);
        if (payload.Kind == PayloadKind.ProtocolEvent)
        {
            // Of no thing that the page shows: it is found by itself.
            json.Text("id", payload.RawPayloadId);
        }

        var chars = 0;
        if (before + after > 0)
        {
            // A history mostly repeats what was counted for the one before it, too.
            chars = before >= other!.CountedBytes
                ? other.CountedChars + Encoding.UTF8.GetCharCount(text.Span[other.CountedBytes..before])
                : Encoding.UTF8.GetCharCount(text.Span[..before]);
            json.WriteString("base", other.Path);
            json.WriteNumber("before", chars);
            json.WriteNumber("after", Encoding.UTF8.GetCharCount(text.Span[^after..]));
        }

        json.WriteString("text", text.Span[before..^after]);
        json.EndElement();
        return new Written(payload.Path, text, before, chars);
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

    // What is no UTF-8 is shown with marks in its place.
    private static PayloadBytes Mended(PayloadBytes text)
    {
        using (text)
        {
            return PayloadBytes.CopyOf(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text.Span)));
        }
    }

    // How much of its beginning and its end a text has as the other has them; nothing if that is not worth while.
    private static (int Before, int After) Shared(ReadOnlySpan<byte> other, ReadOnlySpan<byte> text)
    {
        var before = text.CommonPrefixLength(other);
        while (before > 0 && (IsInsideAt(text, before) || IsInsideAt(other, before)))
        {
            before--;
        }

        var after = SameAtEnd(other, text, Math.Min(text.Length, other.Length) - before);
        while (after > 0 && IsInside(text[^after]))
        {
            after--;
        }

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

    private static bool IsInsideAt(ReadOnlySpan<byte> text, int place) => place < text.Length && IsInside(text[place]);

    // A byte within a character.
    private static bool IsInside(byte value) => (value & 0xC0) == 0x80;

    // The payload before, all of it UTF-8, and how many characters its first bytes are.
    private sealed record Written(string Path, PayloadBytes Text, int CountedBytes, int CountedChars);
}
