using System.Globalization;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Records;

/// <summary>What an OTLP log record says, as far as it matters to bundles, taken from whatever transport it came in. Not safe for concurrent use.</summary>
public sealed class LogRecordFields
{
    private const string Prefix = BundleLayout.PayloadsDirectoryName + "/";
    private const string Extension = ".json";
    private const int HashDigits = 64;

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private ReadOnlyMemory<byte> body;
    private bool isBytes;

    /// <summary>The record's event name; null or empty if it has none, or has it as an attribute.</summary>
    public string? EventName { get; set; }

    /// <summary>The body, where it is a string.</summary>
    /// <param name="text">The string.</param>
    public void SetBody(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        SetBody(Encoding.UTF8.GetBytes(text), isBytes: false);
    }

    /// <summary>The body. It must not change as long as the record is used.</summary>
    /// <param name="bytes">UTF-8 of a string, or bytes.</param>
    /// <param name="isBytes">Whether its type is bytes.</param>
    public void SetBody(ReadOnlyMemory<byte> bytes, bool isBytes)
    {
        body = bytes;
        this.isBytes = isBytes;
    }

    /// <summary>An attribute that is a string. Of several with one name the last counts.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        texts[name] = value;
    }

    /// <summary>An attribute that is an integer. Of several with one name the last counts.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Add(string name, long value)
    {
        ArgumentNullException.ThrowIfNull(name);
        numbers[name] = value;
    }

    /// <summary>The record of a bundle that it is; null if it is none.</summary>
    /// <param name="refused">What is wrong with it; null if nothing, or if it is a log record of somebody else.</param>
    public BundleRecord? ToRecord(out string? refused)
    {
        refused = null;
        var name = string.IsNullOrEmpty(EventName) ? Text(RecordAttributes.EventName) : EventName;
        BundleRecordKind? kind = name switch
        {
            RecordNames.Manifest => BundleRecordKind.Manifest,
            RecordNames.RawEvent => BundleRecordKind.RawEvent,
            RecordNames.Payload => BundleRecordKind.Payload,
            _ => null,
        };

        if (kind is not { } known)
        {
            return null;
        }

        var bundle = Text(RolloutAttributes.Bundle);
        if (!BundleName.IsValid(bundle))
        {
            refused = bundle is null ? $"{name} without {RolloutAttributes.Bundle}" : $"{name} whose {RolloutAttributes.Bundle} is no name of a bundle: {Shortened(bundle)}";
            return null;
        }

        var record = new BundleRecord { Kind = known, Bundle = bundle!, Body = body, IsBytes = isBytes };
        var whole = known switch
        {
            BundleRecordKind.RawEvent => Event(record, out refused),
            BundleRecordKind.Payload => Chunk(record, out refused),
            _ => record,
        };

        refused = refused is null ? null : $"{bundle}: {refused}";
        return whole;
    }

    private BundleRecord? Event(BundleRecord record, out string? refused)
    {
        refused = Number(RecordAttributes.Seq) switch
        {
            null => $"{RecordNames.RawEvent} without {RecordAttributes.Seq} as an integer",
            < 1 and var seq => $"{RecordNames.RawEvent} whose {RecordAttributes.Seq} is {seq}; it counts from 1",
            _ => null,
        };

        return refused is null ? record with { Seq = Number(RecordAttributes.Seq)!.Value } : null;
    }

    private BundleRecord? Chunk(BundleRecord record, out string? refused)
    {
        var path = Text(RecordAttributes.Path);
        if (NumberOf(path) is not { } number)
        {
            refused = path is null ? $"{RecordNames.Payload} without {RecordAttributes.Path}" : $"{RecordNames.Payload} whose path is not {Prefix}N{Extension}: {Shortened(path)}";
            return null;
        }

        var (bytes, hash, encoding) = (Number(RecordAttributes.Bytes), Text(RecordAttributes.Sha256), Text(RecordAttributes.Encoding));
        var (chunk, count) = (Number(RecordAttributes.ChunkNumber), Number(RecordAttributes.ChunkCount));
        refused =
            bytes is not >= 0 ? $"{path} without {RecordAttributes.Bytes} as an integer that is not negative"
            : hash is not { Length: HashDigits } || !hash.All(char.IsAsciiHexDigit) ? $"{path} without {RecordAttributes.Sha256} as {HashDigits} hexadecimal digits"
            : !PayloadEncoding.IsKnown(encoding) ? $"{path} without {RecordAttributes.Encoding} as {PayloadEncoding.Utf8}, {PayloadEncoding.Base64} or {PayloadEncoding.Gzip}"
            : chunk is not >= 1 || count is not (>= 1 and <= int.MaxValue) || chunk > count ? $"{path} whose chunk {Shown(chunk)} of {Shown(count)} is none"
            : null;

        return refused is not null ? null : record with
        {
            PayloadNumber = number,
            Payload = new PayloadFacts { Bytes = bytes!.Value, Sha256 = hash!.ToLowerInvariant(), Encoding = encoding!, Chunks = (int)count!.Value },
            Chunk = (int)chunk!.Value,
        };
    }

    private static string Shown(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "?";

    // Names come from anybody, and go into messages.
    private static string Shortened(string text)
    {
        const int Shown = 80;
        var kept = text.Length <= Shown ? text : text[..Shown] + "...";
        return string.Concat(kept.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    private static long? NumberOf(string? path) =>
        path is not null && path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal) && path.Length > Prefix.Length + Extension.Length
        && path[Prefix.Length] is >= '1' and <= '9'
        && long.TryParse(path.AsSpan(Prefix.Length..^Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private string? Text(string name) => texts.GetValueOrDefault(name);

    private long? Number(string name) => numbers.TryGetValue(name, out var value) ? value : null;
}
