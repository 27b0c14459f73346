using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Parts;

/// <summary>Reads a bundle that is given: as a part, or taken apart into those that it was joined of.</summary>
internal static class PartReader
{
    private const int MaxUnreadable = 1 << 20;

    /// <summary>The parts of a bundle.</summary>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public static IReadOnlyList<Part> Read(JoinSource source, Spool spool)
    {
        var (reader, files) = source.Open();
        using (files)
        {
            var manifest = ManifestOf(reader);
            return reader.Manifest.Joined is null ? [ReadOne(source, reader, manifest, spool)] : new JoinedReader(source, reader, spool).Read();
        }
    }

    /// <summary>A part that has nothing yet but its manifest.</summary>
    public static Part Empty(JoinSource source, JsonElement manifest) => new()
    {
        Source = source,
        ManifestJson = manifest,
        Manifest = BundleManifest.Parse(Encoding.UTF8.GetBytes(manifest.GetRawText())),
        CallerProblem = ManifestCaller.Problem(manifest),
    };

    /// <summary>A payload of a bundle; null where it cannot be read.</summary>
    public static byte[]? Payload(BundleReader reader, PayloadReference reference)
    {
        try
        {
            using var bytes = reader.ReadPayload(reference);
            return bytes.Span.ToArray();
        }
        catch (BundleException)
        {
            return null;
        }
    }

    /// <summary>The lines of a bundle's log with their bytes, which are valid until the next one.</summary>
    public static IEnumerable<(RawEventLine Line, ReadOnlyMemory<byte>? Bytes)> Lines(BundleReader reader)
    {
        using var bytes = new LineBytes(reader.Files.OpenRead(reader.Manifest.RawEventLog), BundleReaderOptions.Default.MaxLineBytes);
        var number = 0L;
        ReadOnlyMemory<byte>? last = null;
        foreach (var line in reader.ReadEvents())
        {
            // A line may give several events.
            last = line.LineNumber == number ? last : bytes.UpTo(line.EndOffset);
            number = line.LineNumber;
            yield return (line, last);
        }
    }

    /// <summary>The event's object: the line as it is where it is sound, else what could be made of it.</summary>
    public static ReadOnlyMemory<byte> ObjectOf(in RawEventLine line, ReadOnlyMemory<byte>? bytes)
    {
        if (line.Defect is null && line.Repairs.Count == 0 && bytes is { Length: > 0 } sound)
        {
            return sound;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonLines.Format))
        {
            line.Event!.WriteTo(json);
        }

        return buffer.ToArray();
    }

    private static Part ReadOne(JoinSource source, BundleReader reader, JsonElement manifest, Spool spool)
    {
        var part = Empty(source, manifest);
        var builder = new PartBuilder(part, spool, reference => Payload(reader, reference));
        foreach (var (line, bytes) in Lines(reader))
        {
            if (line.Event is { } e)
            {
                builder.Add(ObjectOf(line, bytes).Span, e);
            }
            else
            {
                part.UnreadableLines++;
                AddUnreadable(builder, line, bytes);
            }
        }

        return part;
    }

    // What cannot be read is kept as what it is.
    private static void AddUnreadable(PartBuilder builder, in RawEventLine line, ReadOnlyMemory<byte>? bytes)
    {
        var id = $"unreadable line {line.LineNumber}";
        var text = bytes is { } some ? Encoding.UTF8.GetString(some.Span[..Math.Min(some.Length, MaxUnreadable)]) : null;
        var (number, reason) = (line.LineNumber, line.Defect?.Text);
        var payload = JsonLines.Written(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, number);
            json.WriteString("reason"u8, reason);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        });
        var part = builder.Part;
        var e = new RawEvent
        {
            Seq = part.Events.Count + 1,
            WallTimeUnixMs = part.Last,
            RolloutId = part.RolloutId,
            Payload = new ProtocolEventObservedEvent
            {
                EventType = Breadcrumbs.UnreadableLine,
                EventPayload = new PayloadReference { RawPayloadId = id, Kind = PayloadKind.ProtocolEvent, Path = id },
            },
        };
        builder.AddWithPayload(JsonLines.Written(e.WriteTo), e, id, payload);
    }

    private static JsonElement ManifestOf(BundleReader reader)
    {
        using var bytes = reader.Files.Read(BundleLayout.ManifestFileName, BundleReaderOptions.Default.MaxLineBytes);
        bytes.SkipByteOrderMark();
        return Documents.Parse(bytes.Span.ToArray());
    }
}
