using System.Text;
using System.Text.Json;
using RolloutTrace.Reducer.Conversation;

namespace RolloutTrace.Reducer.Tests.Conversation;

public class CompactJsonTests
{
    [Theory]
    [InlineData("""{ "b" : 1 , "a" : [ true , null ] }""", """{"b":1,"a":[true,null]}""")]
    [InlineData("""[1.0, 1E5, 1e-7, 2e+03, -0, -0.0, 12345678901234567890]""", """[1.0,1e+5,1e-7,2e+03,0,-0.0,12345678901234567890]""")]
    [InlineData("""["\u00e9\/\u0022\\\n\t\r\b\f\u0001\u007f\ud83d\ude00"]""", "[\"é/\\\"\\\\\\n\\t\\r\\b\\f\\u0001\u007f😀\"]")]
    [InlineData("""{"a":1,"b":{"c":1,"c":2},"a":[3]}""", """{"a":[3],"b":{"c":2}}""")]
    [InlineData("{}", "{}")]
    public void Summarize_AnyValue_WritesItsOneCompactForm(string json, string expected) => Summarize(json).ShouldBe(expected);

    [Fact]
    public void Summarize_ValueOf240Bytes_IsNotCut()
    {
        var text = new string('x', 238);

        Summarize($"\"{text}\"").ShouldBe($"\"{text}\"");
    }

    [Fact]
    public void Summarize_ValueOf241Bytes_IsCutAt240AndMarked()
    {
        var text = new string('x', 239);

        Summarize($"\"{text}\"").ShouldBe($"\"{text}...");
    }

    [Theory]
    [InlineData("é")]
    [InlineData("中")]
    [InlineData("😀")]
    public void Summarize_CutInsideACharacter_BacksUpToItsStart(string character)
    {
        for (var before = 230; before < 240; before++)
        {
            var summary = Summarize($"\"{new string('x', before)}{string.Concat(Enumerable.Repeat(character, 10))}\"");

            var kept = (239 - before) / Encoding.UTF8.GetByteCount(character);
            summary.ShouldBe($"\"{new string('x', before)}{string.Concat(Enumerable.Repeat(character, kept))}...");
        }
    }

    [Fact]
    public void Of_LongValue_WritesItWhole()
    {
        var json = $$"""{"a":"{{new string('é', 5000)}}","b":[{{string.Join(',', Enumerable.Range(0, 1000))}}]}""";

        CompactJson.Of(JsonDocument.Parse(json).RootElement).ShouldBe(json);
    }

    private static string Summarize(string json) => CompactJson.Summarize(JsonDocument.Parse(json).RootElement)!;
}
