using System.Globalization;
using System.Text.Json;

namespace RolloutTrace.Cli;

/// <summary>The message <c>ExportTraceServiceResponse</c>: what a receiver says of a request that it took.</summary>
/// <param name="RefusedSpans">How many of its spans it did not take.</param>
/// <param name="Words">Why, or what else it has to say; null for nothing.</param>
internal readonly record struct OtlpResponse(long RefusedSpans, string? Words)
{
    /// <summary>Reads it as protobuf. One that is not understood says nothing.</summary>
    public static OtlpResponse Read(ReadOnlySpan<byte> message)
    {
        var said = default(OtlpResponse);
        var response = new ProtobufReader(message);
        while (response.Read())
        {
            if (response.Field == 1)
            {
                said = ReadPartialSuccess(response.Bytes);
            }
        }

        return said;
    }

    /// <summary>Reads it as JSON, which some receivers answer whatever they are sent.</summary>
    public static OtlpResponse ReadJson(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("partialSuccess", out var partial) || partial.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var refused = partial.TryGetProperty("rejectedSpans", out var count) && long.TryParse(count.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            return new OtlpResponse(refused, partial.TryGetProperty("errorMessage", out var words) && words.ToString() is { Length: > 0 } text ? text : null);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static OtlpResponse ReadPartialSuccess(ReadOnlySpan<byte> message)
    {
        long refused = 0;
        string? words = null;
        var partial = new ProtobufReader(message);
        while (partial.Read())
        {
            switch (partial.Field)
            {
                case 1:
                    refused = Math.Max(0, (long)partial.Number);
                    break;
                case 2 when !partial.Bytes.IsEmpty:
                    words = partial.Text;
                    break;
                default:
                    break;
            }
        }

        return new OtlpResponse(refused, words);
    }
}
