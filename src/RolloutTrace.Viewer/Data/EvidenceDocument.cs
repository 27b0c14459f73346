using System.Text;
using System.Text.Json;
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
            json.WriteEndObject();
            foreach (var reference in line.Event?.Payload.PayloadReferences ?? [])
            {
                payloads.Add((reference, $"{reference.KindName} {line.Event!.ThreadId}"));
            }
        }

        json.WriteEndArray();
    }

    private static void Payloads(Utf8JsonWriter json, BundleReader bundle, List<(PayloadReference Payload, string Group)> payloads)
    {
        var last = new Dictionary<string, (string Path, PayloadBytes Text)>(StringComparer.Ordinal);
        json.WriteStartObject("payloads");
        foreach (var (payload, group) in payloads.DistinctBy(static entry => entry.Payload.Path))
        {
            if (Read(bundle, payload) is not { } text)
            {
                continue;
            }

            var other = last.GetValueOrDefault(group);
            Write(json, payload, text.Span, other);
            other.Text?.Dispose();
            last[group] = (payload.Path, text);
        }

        json.WriteEndObject();
        foreach (var (_, text) in last.Values)
        {
            text.Dispose();
        }
    }

    private static void Write(Utf8JsonWriter json, PayloadReference payload, ReadOnlySpan<byte> text, (string Path, PayloadBytes? Text) other)
    {
        json.WriteStartObject(payload.Path);
        json.WriteString("kind", payload.KindName);
        var (before, after) = other.Text is null ? default : Shared(other.Text.Span, text);
        if (before + after > 0)
        {
            json.WriteString("base", other.Path);
            json.WriteNumber("before", Encoding.UTF8.GetCharCount(text[..before]));
            json.WriteNumber("after", Encoding.UTF8.GetCharCount(text[^after..]));
        }

        json.WriteString("text", Encoding.UTF8.GetString(text[before..^after]));
        json.WriteEndObject();
    }

    // What is no UTF-8 is shown with marks in its place.
    private static PayloadBytes? Read(BundleReader bundle, PayloadReference payload)
    {
        try
        {
            var bytes = bundle.ReadPayload(payload);
            if (System.Text.Unicode.Utf8.IsValid(bytes.Span))
            {
                return bytes;
            }

            using (bytes)
            {
                return PayloadBytes.CopyOf(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span)));
            }
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
        while (before > 0 && before < text.Length && IsInside(text[before]))
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

    // A byte within a character.
    private static bool IsInside(byte value) => (value & 0xC0) == 0x80;
}
