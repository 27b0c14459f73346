using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RolloutTrace.Tests;

public sealed partial class JsonPayloadTests
{
    private const string Json = """{"text":"naïve 東京 \"quoted\"","number":1}""";

    public static TheoryData<string> Forms => [.. AllForms.Keys];

    private static Dictionary<string, JsonPayload> AllForms => new(StringComparer.Ordinal)
    {
        ["JSON text"] = JsonPayload.OfJson(Json),
        ["bytes"] = Encoding.UTF8.GetBytes(Json),
        ["memory"] = (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(" " + Json).AsMemory(1),
        ["element"] = JsonElement.Parse(Json),
        ["node"] = JsonNode.Parse(Json),
        ["object"] = JsonPayload.From(new Sample("naïve 東京 \"quoted\"", 1), SampleContext.Default.Sample),
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_writes_the_same_document(string form)
    {
        var payload = AllForms[form];

        payload.IsEmpty.ShouldBeFalse();
        Bytes(payload).ShouldBe(Encoding.UTF8.GetBytes(Json));
        payload.ToString().ShouldBe(Json);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_can_stand_inside_a_larger_document(string form)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            AllForms[form].WriteTo(writer);
            writer.WriteEndArray();
        }

        JsonNode.DeepEquals(JsonNode.Parse(buffer.WrittenSpan), new JsonArray(JsonNode.Parse(Json))).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Only_bytes_are_there_without_a_copy(string form) =>
        AllForms[form].TryGetUtf8(out _).ShouldBe(form is "bytes" or "memory");

    [Fact]
    public void Nothing_is_empty()
    {
        default(JsonPayload).IsEmpty.ShouldBeTrue();
        JsonPayload.OfJson(null).IsEmpty.ShouldBeTrue();
        JsonPayload.OfJson("").IsEmpty.ShouldBeTrue();
        JsonPayload.OfText(null).IsEmpty.ShouldBeTrue();
        ((JsonPayload)(byte[]?)null).IsEmpty.ShouldBeTrue();
        ((JsonPayload)(JsonNode?)null).IsEmpty.ShouldBeTrue();
        ((JsonPayload)default(JsonElement)).IsEmpty.ShouldBeTrue();
        Bytes(default).ShouldBeEmpty();
    }

    [Fact]
    public void A_null_object_is_the_document_null()
    {
        var payload = JsonPayload.From(null, SampleContext.Default.Sample!);

        payload.IsEmpty.ShouldBeFalse();
        payload.ToString().ShouldBe("null");
    }

    [Fact]
    public void A_string_object_is_a_json_string() => JsonPayload.From("a\"b", SampleContext.Default.String).ToString().ShouldBe("\"a\\\"b\"");

    [Theory]
    [InlineData("done")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"cmd":"make"}""")]
    [InlineData("say \"naïve\"\n")]
    public void A_text_is_one_json_string_whatever_it_says(string text)
    {
        var payload = JsonPayload.OfText(text);

        payload.IsEmpty.ShouldBeFalse();
        JsonNode.Parse(Bytes(payload))!.GetValue<string>().ShouldBe(text);
        payload.ToString().ShouldBe(Encoding.UTF8.GetString(Bytes(payload)));
    }

    [Fact]
    public void A_long_text_is_whole()
    {
        var text = string.Concat(Enumerable.Repeat("naïve \ud83d\ude00 ", 20_000));

        JsonNode.Parse(Bytes(JsonPayload.OfText(text)))!.GetValue<string>().ShouldBe(text);
    }

    [Fact]
    public void No_string_becomes_a_payload_without_saying_which() =>
        typeof(JsonPayload).GetMethods()
            .Where(static method => method.Name is "op_Implicit" or "op_Explicit")
            .ShouldNotContain(static method => method.GetParameters().Single().ParameterType == typeof(string));

    [Fact]
    public void Half_a_surrogate_pair_is_still_to_be_told_from_a_replacement_character()
    {
        var text = new ArrayBufferWriter<byte>();
        JsonPayload.OfJson("\"\ud800\ufffd\"").WriteTo(text);
        text.WrittenSpan.ToArray().ShouldBe([(byte)'"', 0xED, 0xA0, 0x80, 0xEF, 0xBF, 0xBD, (byte)'"']);

        var node = new ArrayBufferWriter<byte>();
        ((JsonPayload)JsonValue.Create("\ud83d\ude00 \ud800\ufffd")).WriteTo(node);
        Encoding.UTF8.GetString(node.WrittenSpan).ShouldBe("\"\\uD83D\\uDE00 \\ud800\ufffd\"");
    }

    [Fact]
    public void What_the_serializer_throws_comes_through_and_does_no_harm_to_later_payloads()
    {
        var cyclic = new Cyclic();
        cyclic.Self = cyclic;

        Should.Throw<Exception>(() => Bytes(JsonPayload.From(cyclic, SampleContext.Default.Cyclic)));

        Bytes(JsonPayload.From(new Sample("a", 1), SampleContext.Default.Sample)).ShouldBe("""{"text":"a","number":1}"""u8.ToArray());
    }

    [Fact]
    public void A_converter_may_write_payloads_itself()
    {
        var payload = JsonPayload.From(new Nesting(), SampleContext.Default.Nesting);

        payload.ToString().ShouldBe("""{"number":2,"inner":"{\"text\":\"inner\",\"number\":2}"}""");
    }

    private static byte[] Bytes(JsonPayload payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        payload.WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    internal sealed record Sample(string Text, int Number);

    internal sealed class Cyclic
    {
        public Cyclic? Self { get; set; }
    }

    // Its member is computed by serialising another payload in the middle of its own serialisation.
    internal sealed class Nesting
    {
        public int Number { get; } = 2;

        public string Inner => JsonPayload.From(new Sample("inner", Number), SampleContext.Default.Sample).ToString();
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Sample))]
    [JsonSerializable(typeof(Cyclic))]
    [JsonSerializable(typeof(Nesting))]
    [JsonSerializable(typeof(string))]
    internal sealed partial class SampleContext : JsonSerializerContext;
}
