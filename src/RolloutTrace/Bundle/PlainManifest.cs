using System.Text.Json;
using System.Text.Unicode;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads a manifest of members that are plain texts and numbers, as nearly all are. Any other, sound or not, is left to the generated contract, which alone says what is read and what is wrong;
/// but getting that ready takes a process longer than all else that it does with a small bundle.
/// </summary>
internal static class PlainManifest
{
    /// <summary>The manifest; null for one of another form.</summary>
    public static BundleManifest? Read(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8Json);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadMembers(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static BundleManifest? ReadMembers(ref Utf8JsonReader reader)
    {
        long? version = null, started = null;
        string? trace = null, rollout = null, root = null, log = null, payloads = null, writer = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTaken = reader.ValueTextEquals("schema_version"u8) ? Take(ref reader, ref version)
                : reader.ValueTextEquals("trace_id"u8) ? Take(ref reader, ref trace)
                : reader.ValueTextEquals("rollout_id"u8) ? Take(ref reader, ref rollout)
                : reader.ValueTextEquals("root_thread_id"u8) ? Take(ref reader, ref root)
                : reader.ValueTextEquals("started_at_unix_ms"u8) ? Take(ref reader, ref started)
                : reader.ValueTextEquals("raw_event_log"u8) ? Take(ref reader, ref log)
                : reader.ValueTextEquals("payloads_dir"u8) ? Take(ref reader, ref payloads)
                : reader.ValueTextEquals("writer_lock"u8) && Take(ref reader, ref writer);
            if (!isTaken)
            {
                return null;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && !reader.Read()
            && version is { } schema and >= int.MinValue and <= int.MaxValue && trace is not null && rollout is not null && root is not null && started is { } startedAt && log is not null && payloads is not null
            ? new BundleManifest
            {
                SchemaVersion = (int)schema,
                TraceId = trace,
                RolloutId = rollout,
                RootThreadId = root,
                StartedAtUnixMs = startedAt,
                RawEventLog = log,
                PayloadsDir = payloads,
                WriterLock = writer,
            }
            : null;
    }

    // Each takes a member that was not there before.
    private static bool Take(ref Utf8JsonReader reader, ref string? text)
    {
        if (text is not null || !reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !Utf8.IsValid(reader.ValueSpan))
        {
            return false;
        }

        text = reader.GetString();
        return true;
    }

    private static bool Take(ref Utf8JsonReader reader, ref long? number)
    {
        if (number is not null || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value))
        {
            return false;
        }

        number = value;
        return true;
    }
}
