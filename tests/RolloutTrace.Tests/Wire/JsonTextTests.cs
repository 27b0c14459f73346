using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("\"\"", "", true)]
    [InlineData("\"a\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\"", "aé😀\n\"\\/", true)]
    [InlineData("\"\\ud83d\"", "\uFFFD", false)]
    [InlineData("\"a\\ude00b\"", "a\uFFFDb", false)]
    [InlineData("\"\\ud83d\\ud83d\\ude00\"", "\uFFFD😀", false)]
    [InlineData("\"\\ude00\\ud83d\"", "\uFFFD\uFFFD", false)]
    [InlineData("\"\\\\ud83d \\ud83d \\t\\u0041\\b\\f\\r\\n\\\"\\/é😀\"", "\\ud83d \uFFFD \tA\b\f\r\n\"/é😀", false)]
    public void A_string_is_its_text_with_U_FFFD_for_each_half_of_a_pair(string json, string expected, bool expectedSound)
    {
        var value = JsonElement.Parse(json);

        JsonText.Read(value, out var isSound).ShouldBe(expected);

        isSound.ShouldBe(expectedSound);
        JsonText.OrNull(value).ShouldBe(expectedSound ? expected : null);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_U_FFFD()
    {
        using var document = JsonDocument.Parse(new byte[] { (byte)'"', (byte)'a', 0xFF, (byte)'b', (byte)'"' });

        JsonText.Read(document.RootElement, out var isSound).ShouldBe("a\uFFFDb");

        isSound.ShouldBeFalse();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[\"a\"]")]
    [InlineData("{}")]
    public void What_is_no_string_has_no_text(string json)
    {
        JsonText.Read(JsonElement.Parse(json), out var isSound).ShouldBeNull();

        isSound.ShouldBeTrue();
        JsonText.Read(default, out _).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"name":1}""", "1", true)]
    [InlineData("""{"name":1,"name":2}""", "2", true)]
    [InlineData("""{"na\u006de":1}""", "1", true)]
    [InlineData("""{"x\ud800":0,"name":1}""", "1", true)]
    [InlineData("""{"name":1,"nam\ud800":0}""", "1", false)]
    [InlineData("""{"na\ud800":0}""", "", false)]
    [InlineData("""{"name":1,"name\ud800":0}""", "1", true)]
    [InlineData("""{"other":0}""", "", true)]
    [InlineData("""["name"]""", "", true)]
    [InlineData("\"name\"", "", true)]
    public void A_member_is_found_whatever_other_names_are(string json, string expected, bool expectedSound)
    {
        var value = JsonText.Member(JsonElement.Parse(json), "name", out var isSound);

        (value.ValueKind == JsonValueKind.Undefined ? "" : value.GetRawText()).ShouldBe(expected);
        isSound.ShouldBe(expectedSound);
    }

    [Fact]
    public void A_name_is_its_text_too()
    {
        var member = JsonElement.Parse("""{"a\ud800b":0}""").EnumerateObject().First();

        JsonText.Name(member, out var isSound).ShouldBe("a\uFFFDb");

        isSound.ShouldBeFalse();
    }
}
