using System.Buffers;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>Scrubs one bundle: the manifest, the log, and then each payload that an event names, once for all who name it.</summary>
internal sealed class ScrubRun
{
    private const int BufferBytes = 1 << 16;

    private static readonly byte[] UnreadableLine = "{\"rollout_trace_scrubbed\":\"an unreadable line\"}\n"u8.ToArray();
    private static readonly byte[] UnreadablePayload = "rollout_trace_scrubbed: what was here could not be read as JSON\n"u8.ToArray();

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly BundleReader bundle;
    private readonly PrivateDirectory target;
    private readonly Replacements texts;
    private readonly JsonScrubber scrubber;
    private readonly ArrayBufferWriter<byte> buffer = new();

    // By their places in the copy, in the order of the log.
    private readonly OrderedDictionary<string, (PayloadReference Reference, Place Place)> payloads = new(StringComparer.Ordinal);
    private readonly HashSet<string> reserved = new(StringComparer.OrdinalIgnoreCase);
    private long events;
    private long unreadableLines;
    private long writtenPayloads;
    private long unreadablePayloads;

    public ScrubRun(BundleReader bundle, PrivateDirectory target, ScrubOptions options)
    {
        this.bundle = bundle;
        this.target = target;
        texts = new Replacements(options.Key);
        scrubber = new JsonScrubber(texts, new KeepList(options.Keep));
    }

    public ScrubResult Run()
    {
        WriteLog();
        WriteManifest();
        foreach (var (place, (reference, known)) in payloads)
        {
            if (!reserved.Contains(place))
            {
                WritePayload(place, reference, known);
            }
        }

        return new ScrubResult { Events = events, UnreadableLines = unreadableLines, Payloads = writtenPayloads, UnreadablePayloads = unreadablePayloads };
    }

    // The copy has the standard layout. It has no recorder either.
    private void WriteManifest()
    {
        var manifest = new BundleManifest
        {
            SchemaVersion = bundle.Manifest.SchemaVersion,
            TraceId = texts.Structure(bundle.Manifest.TraceId),
            RolloutId = texts.Structure(bundle.Manifest.RolloutId),
            RootThreadId = texts.Structure(bundle.Manifest.RootThreadId),
            StartedAtUnixMs = bundle.Manifest.StartedAtUnixMs,
            Lost = bundle.Manifest.Lost,
            Collected = bundle.Manifest.Collected,
        };
        using var file = Create(BundleLayout.ManifestFileName);
        file.Write(manifest.ToUtf8Json());
    }

    private void WriteLog()
    {
        using var file = Create(BundleLayout.EventLogFileName);
        long lines = 0;
        foreach (var line in bundle.ReadEvents())
        {
            // Diagnostics name lines, so each stays where it was.
            for (; lines + 1 < line.LineNumber; lines++)
            {
                file.WriteByte((byte)'\n');
            }

            lines++;
            if (Known(line) is not { } raw || (JsonOf(raw) ?? JsonOf(raw with { Otel = raw.Otel is null ? null : raw.Otel with { Attributes = null } })) is not { } json)
            {
                unreadableLines++;
                file.Write(UnreadableLine);
                continue;
            }

            events++;
            buffer.ResetWrittenCount();
            scrubber.Write(json, EventPlaces.Event, buffer);
            buffer.Write("\n"u8);
            file.Write(buffer.WrittenSpan);
            Note(raw.Payload);
        }
    }

    private static readonly JsonElement NoMetadata = JsonElement.Parse("null");

    // Of an event that nobody knows only the evidence that it names is known; a word that nobody knows may be anything.
    private static RawEvent? Known(RawEventLine line) => line.Event is { Payload: OtherEvent other } raw && line.Defect is not null
        ? raw with { Payload = other with { Kind = "unknown", Metadata = NoMetadata } }
        : line.Event;

    // Null where a string in it is no text: only what has no meaning to the reducer may hold one.
    private static JsonElement? JsonOf(RawEvent raw)
    {
        try
        {
            var utf8 = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(utf8))
            {
                raw.WriteTo(json);
            }

            return JsonElement.Parse(utf8.WrittenSpan, Depth);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    // Several events may name one file, and take it for different things.
    private void Note(RawEventPayload payload)
    {
        foreach (var (reference, place) in PayloadPlaces.Of(payload))
        {
            if (target.Resolve(texts.Structure(reference.Path)) is { } path)
            {
                payloads[path] = payloads.TryGetValue(path, out var known) ? (known.Reference, Place.Either(known.Place, place)) : (reference, place);
            }
        }
    }

    private void WritePayload(string path, PayloadReference reference, Place place)
    {
        buffer.ResetWrittenCount();
        try
        {
            // What is missing, or is no file, or lies outside, is missing in the copy.
            if (!bundle.Files.Exists(reference.Path) || Path.EndsInDirectorySeparator(path))
            {
                return;
            }
        }
        catch (BundleException)
        {
            unreadablePayloads++;
            return;
        }

        try
        {
            using var payload = bundle.ReadPayload(reference);
            scrubber.Write(payload.Memory, place, buffer);
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            unreadablePayloads++;
            buffer.ResetWrittenCount();
            buffer.Write(UnreadablePayload);
        }

        writtenPayloads++;
        using var file = PrivateDirectory.CreateFile(path);
        file.Write(buffer.WrittenSpan);
    }

    private BufferedStream Create(string name)
    {
        var path = target.Resolve(name)!;
        reserved.Add(path);
        return new BufferedStream(PrivateDirectory.CreateFile(path), BufferBytes);
    }
}
