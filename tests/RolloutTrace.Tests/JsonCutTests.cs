using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Content;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class JsonCutTests
{
    [Theory]
    [InlineData("""{"a":[1,2,{"b":null}],"c":"d"}""", 100, """{"a":[1,2,{"b":null}],"c":"d"}""")]
    [InlineData("""{"a":"0123456789012345678901234567890123456789"}""", 24, """{"a":"012345678901..."}""")]
    [InlineData("""[1111111111,2222222222,3333333333]""", 20, "[1111111111]")]
    [InlineData("\"0123456789012345678901234567890123456789\"", 16, "\"0123456789...\"")]
    [InlineData("12345678901234567890", 16, "")]
    public void What_does_not_fit_is_left_out_and_what_is_open_is_closed(string json, int limit, string expected) =>
        JsonCut.Cut(Encoding.UTF8.GetBytes(json), limit).ShouldBe(expected);

    [Fact]
    public void No_json_is_an_error() => Should.Throw<JsonException>(() => JsonCut.Cut("{not json"u8, 100));

    [Fact]
    public void A_cut_document_is_valid_and_within_its_limit()
    {
        var documents = Documents().ToArbitrary();
        var limits = Gen.Choose(16, 400).ToArbitrary();
        Prop.ForAll(documents, limits, (document, limit) =>
        {
            var cut = JsonCut.Cut(Encoding.UTF8.GetBytes(document.ToJsonString()), limit);

            Encoding.UTF8.GetByteCount(cut).ShouldBeLessThanOrEqualTo(limit);
            JsonDocument.Parse(cut).Dispose();
        }).ShouldHold();
    }

    [Fact]
    public void A_document_that_fits_easily_is_not_changed() => Prop.ForAll(Documents().ToArbitrary(), document =>
    {
        var cut = JsonCut.Cut(Encoding.UTF8.GetBytes(document.ToJsonString()), 1 << 20);

        JsonNode.DeepEquals(JsonNode.Parse(cut), document).ShouldBeTrue();
    }).ShouldHold();

    private static Gen<JsonNode> Documents() => Gen.Sized(size => Container(Math.Min(size / 20, 4)));

    private static Gen<JsonNode> Container(int depth)
    {
        var member = from name in Texts() from value in Value(depth) select (name, value);
        return Gen.OneOf(
            Value(depth).ListOf().Select(values => (JsonNode)new JsonArray([.. values])),
            member.ListOf().Select(members =>
            {
                var node = new JsonObject();
                foreach (var (name, value) in members)
                {
                    node[name] = value;
                }

                return (JsonNode)node;
            }));
    }

    private static Gen<JsonNode?> Value(int depth)
    {
        var scalar = Gen.OneOf(
            Texts().Select(t => (JsonNode?)JsonValue.Create(t)),
            Gen.Choose(-1_000_000, 1_000_000).Select(n => (JsonNode?)JsonValue.Create(n)),
            Gen.Constant((JsonNode?)null));
        return depth == 0 ? scalar : Gen.Frequency((3, scalar), (1, Container(depth - 1).Select(n => (JsonNode?)n)));
    }

    private static Gen<string> Texts() =>
        Gen.Elements("a", "Z", "\"", "\\", "\n", "\u0001", "ü", "東", "😀", "\u2028", " ").ListOf().Select(string.Concat);
}
