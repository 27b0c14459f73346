using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.Records;

namespace RolloutTrace.TestSupport;

/// <summary>The records in which a bundle travels, made by the letter of the contract and not by what is tested.</summary>
public static class BundleRecords
{
    /// <summary>All records of a bundle in the order in which they are sent.</summary>
    /// <param name="directory">The bundle.</param>
    /// <param name="chunkBytes">How long chunks are, before base64.</param>
    /// <param name="encoding">How chunks are encoded.</param>
    public static IReadOnlyList<BundleRecord> Of(string directory, int chunkBytes = 700_000, string encoding = PayloadEncoding.Base64)
    {
        var manifest = File.ReadAllBytes(Path.Join(directory, BundleLayout.ManifestFileName));
        var bundle = BundleName.Of(BundleManifest.Parse(manifest));
        var records = new List<BundleRecord> { new() { Kind = BundleRecordKind.Manifest, Bundle = bundle, Body = manifest } };
        foreach (var file in new DirectoryInfo(Path.Join(directory, BundleLayout.PayloadsDirectoryName)).GetFiles().OrderBy(static file => file.Name, StringComparer.Ordinal))
        {
            records.AddRange(Chunks(bundle, long.Parse(Path.GetFileNameWithoutExtension(file.Name)), File.ReadAllBytes(file.FullName), chunkBytes, encoding));
        }

        records.AddRange(File.ReadAllLines(Path.Join(directory, BundleLayout.EventLogFileName)).Select((line, i) =>
            new BundleRecord { Kind = BundleRecordKind.RawEvent, Bundle = bundle, Body = Encoding.UTF8.GetBytes(line), Seq = i + 1 }));
        return records;
    }

    /// <summary>The chunks of one file.</summary>
    public static IEnumerable<BundleRecord> Chunks(string bundle, long number, byte[] file, int chunkBytes, string encoding)
    {
        var content = encoding == PayloadEncoding.Gzip ? Compress(file) : file;
        var pieces = content.Chunk(chunkBytes).ToList();
        if (encoding == PayloadEncoding.Utf8)
        {
            pieces = [.. Encoding.UTF8.GetString(file).EnumerateRunes().Chunk(chunkBytes).Select(static runes => Encoding.UTF8.GetBytes(string.Concat(runes)))];
        }

        if (pieces.Count == 0)
        {
            pieces.Add([]);
        }

        var facts = new PayloadFacts { Bytes = file.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)), Encoding = encoding, Chunks = pieces.Count };
        return pieces.Select((piece, i) => new BundleRecord
        {
            Kind = BundleRecordKind.Payload,
            Bundle = bundle,
            Body = encoding == PayloadEncoding.Utf8 ? piece : Encoding.ASCII.GetBytes(Convert.ToBase64String(piece)),
            PayloadNumber = number,
            Payload = facts,
            Chunk = i + 1,
        });
    }

    /// <summary>One <c>ExportLogsServiceRequest</c> as JSON on a line, as a Collector's file exporter writes it.</summary>
    public static string ToOtlpJson(IEnumerable<BundleRecord> records) => new JsonObject
    {
        ["resourceLogs"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = new JsonArray(Attribute("service.name", "agents")) },
            ["scopeLogs"] = new JsonArray(new JsonObject
            {
                ["scope"] = new JsonObject { ["name"] = RecordNames.Scope },
                ["logRecords"] = new JsonArray([.. records.Select(ToOtlpJson)]),
            }),
        }),
    }.ToJsonString();

    private static JsonObject ToOtlpJson(BundleRecord record)
    {
        var attributes = new JsonArray(Attribute(RolloutAttributes.Bundle, record.Bundle));
        var name = RecordNames.Manifest;
        if (record.Kind == BundleRecordKind.RawEvent)
        {
            name = RecordNames.RawEvent;
            attributes.Add(Attribute(RecordAttributes.Seq, record.Seq));
        }
        else if (record.Payload is { } facts)
        {
            name = RecordNames.Payload;
            attributes.Add(Attribute(RecordAttributes.Path, $"payloads/{record.PayloadNumber}.json"));
            attributes.Add(Attribute(RecordAttributes.Bytes, facts.Bytes));
            attributes.Add(Attribute(RecordAttributes.Sha256, facts.Sha256));
            attributes.Add(Attribute(RecordAttributes.Encoding, facts.Encoding));
            attributes.Add(Attribute(RecordAttributes.ChunkNumber, record.Chunk));
            attributes.Add(Attribute(RecordAttributes.ChunkCount, facts.Chunks));
        }

        return new JsonObject
        {
            ["timeUnixNano"] = "1770000000000000000",
            ["severityNumber"] = 9,
            ["eventName"] = name,
            ["body"] = record.IsBytes ? new JsonObject { ["bytesValue"] = Convert.ToBase64String(record.Body.Span) } : new JsonObject { ["stringValue"] = Encoding.UTF8.GetString(record.Body.Span) },
            ["attributes"] = attributes,
        };
    }

    private static JsonObject Attribute(string name, string value) => new() { ["key"] = name, ["value"] = new JsonObject { ["stringValue"] = value } };

    private static JsonObject Attribute(string name, long value) => new() { ["key"] = name, ["value"] = new JsonObject { ["intValue"] = value.ToString(System.Globalization.CultureInfo.InvariantCulture) } };

    private static byte[] Compress(byte[] file)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize))
        {
            gzip.Write(file);
        }

        return zipped.ToArray();
    }
}
