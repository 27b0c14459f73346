using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>What the line of a raw event says that matters for putting a bundle together.</summary>
internal sealed record EventLine
{
    /// <summary>The event; null for one that this version does not know.</summary>
    public RawEvent? Event { get; private init; }

    public bool HasEnded { get; private init; }

    /// <summary>Numbers of the payloads that it names.</summary>
    public IReadOnlyList<long> Payloads { get; private init; } = [];

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without a newline.</param>
    /// <param name="seq">Its seq, as the record says.</param>
    /// <param name="refused">What is wrong with it; null if nothing.</param>
    public static EventLine? Read(ReadOnlySpan<byte> line, long seq, out string? refused)
    {
        refused = line.ContainsAny((byte)'\n', (byte)'\r') ? $"the line of seq {seq} has a line end in it" : null;
        if (refused is not null)
        {
            return null;
        }

        try
        {
            var read = RawEvent.Parse(line);
            refused = Mismatch(read.Seq, seq);
            return refused is not null ? null : new EventLine
            {
                Event = read,
                HasEnded = read.Payload is RolloutEndedEvent { Status: not RolloutStatus.Running },
                Payloads = [.. read.Payload.PayloadReferences.Select(static reference => NumberOf(reference.Path)).OfType<long>()],
            };
        }
        catch (BundleException)
        {
            refused = WrongWith(line, seq);
            return refused is null ? new EventLine() : null;
        }
    }

    /// <summary>The seq that a line says it has; null if it is no event.</summary>
    public static long? SeqOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = BundleReaderOptions.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("seq", out var seq)
                && seq.ValueKind == JsonValueKind.Number && seq.TryGetInt64(out var number) && number >= 1
                    ? number
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>N of <c>payloads/N.json</c>; null for any other path.</summary>
    public static long? NumberOf(string path)
    {
        const string Prefix = BundleLayout.PayloadsDirectoryName + "/";
        const string Extension = ".json";
        path = path.Replace('\\', '/');
        return path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal) && path.Length > Prefix.Length + Extension.Length
            && path[Prefix.Length] is >= '1' and <= '9'
            && long.TryParse(path.AsSpan(Prefix.Length..^Extension.Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
    }

    // It may be of a version to come; what is no event at all has no place in a log.
    private static string? WrongWith(ReadOnlySpan<byte> line, long seq)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = BundleReaderOptions.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed != line.Length && !line[(int)reader.BytesConsumed..].Trim(" \t"u8).IsEmpty)
            {
                return $"the line of seq {seq} is no raw event: something follows the object";
            }

            return document.RootElement.ValueKind != JsonValueKind.Object ? $"the line of seq {seq} is no raw event: it is no JSON object"
                : document.RootElement.TryGetProperty("seq", out var said) && said.ValueKind == JsonValueKind.Number && said.TryGetInt64(out var number) ? Mismatch(number, seq)
                : $"the line of seq {seq} is no raw event: it has no seq";
        }
        catch (JsonException)
        {
            return $"the line of seq {seq} is no raw event: it is no JSON";
        }
    }

    private static string? Mismatch(long said, long seq) => said == seq ? null : $"the line of seq {seq} says that it has seq {said}";
}
