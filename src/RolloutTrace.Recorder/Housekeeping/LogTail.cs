using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>Tells by the last lines of a log whether its rollout has ended, without reading the rest.</summary>
internal static class LogTail
{
    private const int Bytes = 1 << 16;

    /// <summary>Whether one of the last lines is the rollout's end. False if it stands further before: then it is not known.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The log may not be read.</exception>
    public static bool HasEnd(string log)
    {
        using var file = PlainFile.Open(log);
        if (file is null)
        {
            return false;
        }

        var length = RandomAccess.GetLength(file);
        var from = Math.Max(length - Bytes, 0);
        var bytes = new byte[length - from];
        var tail = bytes.AsSpan(0, RandomAccess.Read(file, bytes, from));
        tail = from > 0 ? tail[(tail.IndexOf((byte)'\n') + 1)..] : tail;
        foreach (var line in tail.Split((byte)'\n'))
        {
            if (IsEnd(tail[line]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEnd(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("rollout_ended"u8) < 0)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.TryGetProperty("payload", out var payload)
                && payload.TryGetProperty("type", out var type) && type.ValueEquals("rollout_ended"u8)
                && payload.TryGetProperty("status", out var status) && !status.ValueEquals("running"u8);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
