using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads and writes a <see cref="PayloadReference"/> with its kind as the object <c>{"type":"..."}</c>. A kind that is not known is a name
/// and nothing else.
/// </summary>
public sealed class PayloadReferenceConverter : JsonConverter<PayloadReference>
{
    /// <inheritdoc/>
    public override PayloadReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? id = null, kind = null, path = null;
        TypedObject.ReadMembers(ref reader, "a payload reference", (ref Utf8JsonReader value, string member) =>
        {
            switch (member)
            {
                case "raw_payload_id":
                    id = Text(ref value, member, id);
                    break;
                case "kind":
                    kind = kind is null ? ReadKind(ref value) : throw Twice(member);
                    break;
                case "path":
                    path = Text(ref value, member, path);
                    break;
            }
        });
        return new PayloadReference
        {
            RawPayloadId = id ?? throw Missing("raw_payload_id"),
            Kind = KindOf(kind ?? throw Missing("kind")),
            KindName = kind,
            Path = path ?? throw Missing("path"),
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PayloadReference value, JsonSerializerOptions options) => value.Write(writer);

    private static PayloadKind KindOf(string name)
    {
        foreach (var kind in Enum.GetValues<PayloadKind>())
        {
            if (WireEnum<PayloadKind>.Name(kind).Value == name)
            {
                return kind;
            }
        }

        return PayloadKind.Unknown;
    }

    private static string ReadKind(ref Utf8JsonReader reader)
    {
        string? type = null;
        TypedObject.ReadMembers(ref reader, "a payload kind", (ref Utf8JsonReader value, string member) =>
        {
            if (member == "type")
            {
                type = Text(ref value, member, type);
            }
        });
        return type ?? throw new JsonException("a payload kind has no 'type'");
    }

    private static string Text(ref Utf8JsonReader value, string member, string? before) =>
        before is not null ? throw Twice(member)
        : value.TokenType == JsonTokenType.String ? value.GetString()!
        : throw new JsonException($"a payload reference has a '{member}' that is no string");

    private static JsonException Missing(string member) => new($"a payload reference has no '{member}'");

    private static JsonException Twice(string member) => new($"a payload reference has two members '{member}'");
}
