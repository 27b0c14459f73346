using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace RolloutTrace.Viewer.Tests;

/// <summary>The evidence of a page, read by what README says of it.</summary>
internal sealed class EvidenceBytes
{
    private readonly Dictionary<string, Payload> payloads = new(StringComparer.Ordinal);

    public EvidenceBytes(byte[] bytes)
    {
        Bytes = bytes;
        var end = bytes.Length - 4;
        Index = Encoding.UTF8.GetString(bytes.AsSpan(0, end)[^BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(end))..]);
        var index = JsonSerializer.Deserialize<JsonElement>(Index);
        var at = 0;
        if (index.TryGetProperty("lines", out var lines))
        {
            var (seq, lengths) = (0L, Numbers(lines, "length"));
            foreach (var (i, step) in lines.GetProperty("seq").EnumerateArray().Index())
            {
                seq += step.ValueKind == JsonValueKind.Null ? 0 : step.GetInt64();
                Lines.Add((step.ValueKind == JsonValueKind.Null ? null : seq, lengths[i] == 0 ? null : Encoding.UTF8.GetString(bytes, at, lengths[i])));
                at += lengths[i];
            }
        }

        if (index.TryGetProperty("payloads", out var listed))
        {
            var (number, bases, befores, afters, lengths) = (0, Numbers(listed, "base"), Numbers(listed, "before"), Numbers(listed, "after"), Numbers(listed, "length"));
            var all = new List<Payload>();
            foreach (var (i, name) in listed.GetProperty("name").EnumerateArray().Index())
            {
                number += name.ValueKind == JsonValueKind.Number ? name.GetInt32() : 0;
                var payload = new Payload(
                    name.ValueKind == JsonValueKind.Number ? $"raw_payload:{number}" : name[0].GetString()!, bases[i] == 0 ? null : all[i - bases[i]], befores[i], afters[i], bytes[at..(at + lengths[i])]);
                all.Add(payload);
                payloads.Add(name.ValueKind == JsonValueKind.Number ? $"payloads/{number}.json" : name[1].GetString()!, payload);
                at += lengths[i];
            }
        }

        at.ShouldBe(end - Encoding.UTF8.GetByteCount(Index), "nothing stands there that is of no line and no payload");
    }

    /// <summary>The document as it is.</summary>
    public byte[] Bytes { get; }

    /// <summary>What stands where, as JSON.</summary>
    public string Index { get; }

    /// <summary>The numbers of the events, and what the lines say.</summary>
    public List<(long? Seq, string? Text)> Lines { get; } = [];

    /// <summary>The bytes that a payload does not have of another.</summary>
    public byte[] OwnOf(string path) => payloads[path].Own;

    public string IdOf(string path) => payloads[path].Id;

    /// <summary>What a payload says, put together.</summary>
    public string TextOf(string path) => Encoding.UTF8.GetString(Whole(payloads[path]));

    private static byte[] Whole(Payload payload)
    {
        if (payload.Base is not { } other)
        {
            return payload.Own;
        }

        var whole = Whole(other);
        return [.. whole[..payload.Before], .. payload.Own, .. whole[^payload.After..]];
    }

    private static List<int> Numbers(JsonElement list, string member) => [.. list.GetProperty(member).EnumerateArray().Select(static number => number.GetInt32())];

    private sealed record Payload(string Id, Payload? Base, int Before, int After, byte[] Own);
}
