using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>Names a payload file from an event. The file is whole on disk before the event that names it is appended.</summary>
[JsonConverter(typeof(PayloadReferenceConverter))]
public sealed record PayloadReference
{
    private const string IdPrefix = "raw_payload:";
    private const string PathPrefix = $"{BundleLayout.PayloadsDirectoryName}/";
    private const string PathSuffix = ".json";
    private const int MaxPathLength = 64;

    private readonly string? kindName;
    private readonly string id = "";

    // Null where it follows from the id, as in nearly all of many thousand references.
    private readonly string? path;

    /// <summary><c>raw_payload:N</c>, N counting from 1 in the order in which payloads were written.</summary>
    public required string RawPayloadId
    {
        get => id;
        init
        {
            // A copy with another id keeps its path.
            path ??= FollowsFrom(id) ? Path : null;
            id = value;
        }
    }

    /// <summary>What kind of document the file holds.</summary>
    public required PayloadKind Kind { get; init; }

    /// <summary>The name of the kind as it stands on the wire: one of those of <see cref="Kind"/>, or any other word where that is <see cref="PayloadKind.Unknown"/>.</summary>
    [JsonIgnore]
    public string KindName
    {
        get => kindName ?? WireEnum<PayloadKind>.Name(Kind).Value;
        init => kindName = value;
    }

    /// <summary>Path below the bundle, <c>payloads/N.json</c>. From a stranger it is not to be trusted; <see cref="BundleReader"/> checks it. Given as null it follows from the id.</summary>
    [AllowNull]
    public required string Path
    {
        get => path ?? (FollowsFrom(id) ? string.Concat(PathPrefix, NumberIn(id), PathSuffix) : "");
        init => path = value;
    }

    /// <summary>The reference to the <paramref name="number"/>th payload of a bundle.</summary>
    public static PayloadReference ForNumber(long number, PayloadKind kind)
    {
        // Formatted once, on the stack: a reference is made for each payload, on the thread that is being observed.
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return new() { RawPayloadId = string.Concat(IdPrefix, digits[..length]), Kind = kind, Path = null };
    }

    /// <summary>Whether the other names the same payload as a document of the same kind at the same path.</summary>
    public bool Equals(PayloadReference? other) =>
        other is not null && id == other.id && Kind == other.Kind && KindName == other.KindName && (ReferenceEquals(path, other.path) || Path == other.Path);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(id, Kind);

    /// <summary>What stands on a line in canonical form.</summary>
    internal static PayloadReference Read(ref CanonicalJson json)
    {
        json.Literal("{\"raw_payload_id\":"u8);
        var id = json.Text();
        json.Literal(",\"kind\":{\"type\":"u8);
        var kind = json.Enum<PayloadKind>();
        json.Literal("},\"path\":"u8);
        if (FollowsFrom(id) && json.TryText(PathPrefix, NumberIn(id), PathSuffix))
        {
            json.Literal("}"u8);
            return new PayloadReference { RawPayloadId = id, Kind = kind, Path = null };
        }

        var path = json.Text();
        json.Literal("}"u8);
        return new PayloadReference { RawPayloadId = id, Kind = kind, Path = path };
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("raw_payload_id"u8, RawPayloadId);
        json.WriteStartObject("kind"u8);
        json.WriteString("type"u8, KindName);
        json.WriteEndObject();
        if (path is not null)
        {
            json.WriteString("path"u8, path);
        }
        else
        {
            Span<char> room = stackalloc char[MaxPathLength];
            json.WriteString("path"u8, room.TryWrite(CultureInfo.InvariantCulture, $"{PathPrefix}{NumberIn(id)}{PathSuffix}", out var length) ? room[..length] : Path);
        }

        json.WriteEndObject();
    }

    private static bool FollowsFrom(string id) => id.StartsWith(IdPrefix, StringComparison.Ordinal);

    private static ReadOnlySpan<char> NumberIn(string id) => id.AsSpan(IdPrefix.Length);
}
