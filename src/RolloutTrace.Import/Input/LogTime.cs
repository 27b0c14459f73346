using System.Globalization;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Input;

/// <summary>Reads the times of logs.</summary>
internal static class LogTime
{
    /// <summary>A time of the form <c>2026-11-20T09:00:00.035Z</c>, in milliseconds since the Unix epoch; null for anything else.</summary>
    public static long? Read(JsonElement value) =>
        JsonText.OrNull(value) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time.ToUnixTimeMilliseconds() is >= 0 and var ms ? ms : null;
}
