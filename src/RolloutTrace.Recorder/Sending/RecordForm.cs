using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using RolloutTrace.Bundle;
using RolloutTrace.Records;

namespace RolloutTrace.Recorder.Sending;

/// <summary>The log records that a bundle's manifest, events and payloads are.</summary>
internal static class RecordForm
{
    private const int TraceIdLength = 32;
    private const int SpanIdLength = 16;

    private static readonly Dictionary<Type, string> EventTypes = typeof(RawEventPayload).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(static known => known.DerivedType, static known => (string)known.TypeDiscriminator!);

    public static OutgoingRecord OfManifest(string bundle, BundleManifest manifest) => new()
    {
        Name = RecordNames.Manifest,
        Body = Encoding.UTF8.GetString(manifest.ToUtf8Json()),
        Time = TimeOf(manifest.StartedAtUnixMs),
        Attributes = Common(bundle, manifest.RolloutId),
    };

    public static OutgoingRecord OfEvent(string bundle, RawEvent rawEvent)
    {
        var attributes = Common(bundle, rawEvent.RolloutId);
        attributes.Add(new(RecordAttributes.Seq, rawEvent.Seq));
        attributes.Add(new(RecordAttributes.EventType, EventTypes[rawEvent.Payload.GetType()]));
        if (rawEvent.ThreadId is { } thread)
        {
            attributes.Add(new(RolloutAttributes.Thread.Id, thread));
        }

        if (rawEvent.CodexTurnId is { } turn)
        {
            attributes.Add(new(RolloutAttributes.Turn.Id, turn));
        }

        var hasSpan = rawEvent.Otel is { TraceId.Length: TraceIdLength, SpanId.Length: SpanIdLength };
        return new OutgoingRecord
        {
            Name = RecordNames.RawEvent,
            Body = Encoding.UTF8.GetString(rawEvent.ToUtf8Line()),
            Time = TimeOf(rawEvent.WallTimeUnixMs),
            Attributes = attributes,
            TraceId = hasSpan ? ActivityTraceId.CreateFromString(rawEvent.Otel!.TraceId) : default,
            SpanId = hasSpan ? ActivitySpanId.CreateFromString(rawEvent.Otel!.SpanId) : default,
        };
    }

    /// <summary>The chunks of a payload file, made one by one.</summary>
    public static IEnumerable<OutgoingRecord> OfPayload(string bundle, string rolloutId, string path, ReadOnlyMemory<byte> payload, DateTime now)
    {
        var split = PayloadSplit.Of(payload);
        foreach (var chunk in split.Chunks)
        {
            var attributes = Common(bundle, rolloutId);
            attributes.Add(new(RecordAttributes.Path, path));
            attributes.Add(new(RecordAttributes.Bytes, split.Facts.Bytes));
            attributes.Add(new(RecordAttributes.Sha256, split.Facts.Sha256));
            attributes.Add(new(RecordAttributes.Encoding, split.Facts.Encoding));
            attributes.Add(new(RecordAttributes.ChunkNumber, (long)chunk.Number));
            attributes.Add(new(RecordAttributes.ChunkCount, (long)split.Facts.Chunks));
            yield return new OutgoingRecord { Name = RecordNames.Payload, Body = chunk.Body, Time = now, Attributes = attributes };
        }
    }

    private static List<KeyValuePair<string, object?>> Common(string bundle, string rolloutId) => [new(RolloutAttributes.Bundle, bundle), new(RolloutAttributes.Id, rolloutId)];

    private static DateTime TimeOf(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(unixMs, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())).UtcDateTime;
}
