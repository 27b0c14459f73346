using System.Text;
using System.Text.Json;
using RolloutTrace.Analysis;
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

    public static void Write(OpenRollout rollout, RolloutPageOptions options, Stream destination)
    {
        using var json = ViewJson.WriterTo(destination);
        json.WriteStartObject();
        json.WriteNumber("version", ViewDocument.Version);
        if (rollout.Bundle is { } bundle && options.HasContent)
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
        var last = new Dictionary<string, (string Path, byte[] Text)>(StringComparer.Ordinal);
        json.WriteStartObject("payloads");
        foreach (var (payload, group) in payloads.DistinctBy(static entry => entry.Payload.Path))
        {
            if (Read(bundle, payload) is not { } text)
            {
                continue;
            }

            json.WriteStartObject(payload.Path);
            json.WriteString("kind", payload.KindName);
            var (base_, before, after) = last.TryGetValue(group, out var other) ? Shared(other, text) : default;
            if (base_ is not null)
            {
                json.WriteString("base", base_);
                json.WriteNumber("before", Encoding.UTF8.GetCharCount(text, 0, before));
                json.WriteNumber("after", Encoding.UTF8.GetCharCount(text, text.Length - after, after));
            }

            json.WriteString("text", Encoding.UTF8.GetString(text, before, text.Length - before - after));
            json.WriteEndObject();
            last[group] = (payload.Path, text);
        }

        json.WriteEndObject();
    }

    // What is no UTF-8 is shown with marks in its place, and shared with nothing.
    private static byte[]? Read(BundleReader bundle, PayloadReference payload)
    {
        try
        {
            using var bytes = bundle.ReadPayload(payload);
            return System.Text.Unicode.Utf8.IsValid(bytes.Span) ? bytes.Span.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
        }
        catch (BundleException)
        {
            return null;
        }
    }

    private static (string? Base, int Before, int After) Shared((string Path, byte[] Text) other, byte[] text)
    {
        var before = text.AsSpan().CommonPrefixLength(other.Text);
        while (before > 0 && before < text.Length && IsInside(text[before]))
        {
            before--;
        }

        var most = Math.Min(text.Length, other.Text.Length) - before;
        var after = 0;
        while (after < most && text[^(after + 1)] == other.Text[^(after + 1)])
        {
            after++;
        }

        while (after > 0 && IsInside(text[^after]))
        {
            after--;
        }

        return before + after < LeastShared ? default : (other.Path, before, after);
    }

    // A byte within a character.
    private static bool IsInside(byte value) => (value & 0xC0) == 0x80;
}
