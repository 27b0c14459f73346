using System.Globalization;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// What stands where in the evidence: of the log's lines and of the payloads a list a member. Like stands beside like, and what counts up is written as its steps, so that it is
/// small when it is compressed.
/// </summary>
internal sealed class EvidenceIndex
{
    private const string IdPrefix = "raw_payload:";

    // The step of a line that is no event.
    private const long NoStep = long.MinValue;

    private readonly List<long> lines = [];
    private readonly List<long> seqs = [];
    private readonly List<long> lineLengths = [];
    private readonly List<PayloadReference> payloads = [];
    private readonly List<long> bases = [];
    private readonly List<long> befores = [];
    private readonly List<long> afters = [];
    private readonly List<long> lengths = [];
    private long lastLine;
    private long lastSeq;

    /// <summary>Adds a line of the log, whose text is the next bytes.</summary>
    /// <param name="line">Its number.</param>
    /// <param name="seq">The number of its event; null if it is none.</param>
    /// <param name="length">How many bytes it has; none if it is told of already, or too long.</param>
    public void AddLine(long line, long? seq, int length)
    {
        lines.Add(line - lastLine);
        lastLine = line;
        seqs.Add(seq is { } number ? unchecked(number - lastSeq) : NoStep);
        lastSeq = seq ?? lastSeq;
        lineLengths.Add(length);
    }

    /// <summary>Adds a payload, whose own text is the next bytes.</summary>
    /// <param name="payload">Its name.</param>
    /// <param name="other">The number of the payload that it begins or ends like; null if it has all itself.</param>
    /// <param name="before">How many bytes of that one stand before its own.</param>
    /// <param name="after">How many bytes of that one stand behind its own.</param>
    /// <param name="length">How many are its own.</param>
    /// <returns>Its number.</returns>
    public int AddPayload(PayloadReference payload, int? other, int before, int after, int length)
    {
        payloads.Add(payload);
        bases.Add(other is { } number ? payloads.Count - 1 - number : 0);
        befores.Add(before);
        afters.Add(after);
        lengths.Add(length);
        return payloads.Count - 1;
    }

    /// <summary>The index as JSON.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = ViewJson.WriterTo(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("version", ViewDocument.Version);
            if (lines.Count > 0)
            {
                json.WriteStartObject("lines");
                Write(json, "line", lines);
                Write(json, "seq", seqs);
                Write(json, "length", lineLengths);
                json.WriteEndObject();
                json.WriteStartObject("payloads");
                WriteNames(json);
                json.Texts("kind", payloads.Select(static payload => payload.KindName));
                Write(json, "base", bases);
                Write(json, "before", befores);
                Write(json, "after", afters);
                Write(json, "length", lengths);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, List<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            if (number == NoStep)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteNumberValue(number);
            }
        }

        json.WriteEndArray();
    }

    // Nearly all are numbered, in their ids and in their paths.
    private void WriteNames(Utf8JsonWriter json)
    {
        long last = 0;
        json.WriteStartArray("name");
        foreach (var payload in payloads)
        {
            if (NumberOf(payload) is { } number)
            {
                json.WriteNumberValue(number - last);
                last = number;
                continue;
            }

            json.WriteStartArray();
            json.WriteStringValue(payload.RawPayloadId);
            json.WriteStringValue(payload.Path);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static int? NumberOf(PayloadReference payload)
    {
        var id = payload.RawPayloadId;
        return id.StartsWith(IdPrefix, StringComparison.Ordinal)
            && int.TryParse(id.AsSpan(IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && id == string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{number}")
            && payload.Path == string.Create(CultureInfo.InvariantCulture, $"{BundleLayout.PayloadsDirectoryName}/{number}.json")
            ? number : null;
    }
}
