using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Recorder.Recording;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Recorder.Tests.Recording;

public class JsonCheckTests
{
    [Theory]
    [InlineData("null")]
    [InlineData(" {\"a\":[1,-0.5e3,true]}\r\n")]
    [InlineData("\"\"")]
    [InlineData("""{"\ud83d\ude00":"\ud83d\ude00 \\ud83d \\\\ \n"}""")]
    [InlineData("""{"a":1,"a":2}""")]
    public void Documents_are_sound(string document) => Check(document).ShouldBe(nameof(PayloadProblem.None));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("[1,]")]
    [InlineData("// a\n1")]
    [InlineData("Infinity")]
    [InlineData("\"a\nb\"")]
    [InlineData("\ufeff1")]
    public void What_is_no_document_is_found(string text) => Check(text).ShouldBe(nameof(PayloadProblem.InvalidJson));

    [Theory]
    [InlineData("""["\ud83d"]""", """["\ufffd"]""", 1)]
    [InlineData("""["\ude00"]""", """["\ufffd"]""", 1)]
    [InlineData("""["\ud83d\n"]""", """["\ufffd\n"]""", 1)]
    [InlineData("""["\ud83dx\ude00"]""", """["\ufffdx\ufffd"]""", 2)]
    [InlineData("""["\ud83d\u0041"]""", """["\ufffd\u0041"]""", 1)]
    [InlineData("""["\ude00\ud83d"]""", """["\ufffd\ufffd"]""", 2)]
    [InlineData("""["\ud83d\ud83d\ude00"]""", """["\ufffd\ud83d\ude00"]""", 1)]
    [InlineData("""{"\uDBFF":"\\ud83d"}""", """{"\ufffd":"\\ud83d"}""", 1)]
    public void Halves_of_surrogate_pairs_are_replaced_wherever_they_are(string text, string expected, int count)
    {
        var document = Encoding.UTF8.GetBytes(text);

        JsonCheck.Find(document, out var halves).ToString().ShouldBe(nameof(PayloadProblem.None));

        Encoding.UTF8.GetString(document).ShouldBe(expected);
        halves.ShouldBe(count);
    }

    [Fact]
    public void A_half_in_three_bytes_is_replaced_and_other_bytes_that_are_no_text_are_not()
    {
        byte[] half = [(byte)'"', 0xED, 0xA0, 0xBD, 0xED, 0x95, 0x9C, (byte)'"'];
        JsonCheck.Find(half, out var halves).ToString().ShouldBe(nameof(PayloadProblem.None));
        Encoding.UTF8.GetString(half).ShouldBe("\"\ufffd한\"");
        halves.ShouldBe(1);

        JsonCheck.Find([(byte)'"', 0xED, 0xA0, 0xBD, 0xFF, (byte)'"'], out _).ToString().ShouldBe(nameof(PayloadProblem.InvalidText));
        JsonCheck.Find([(byte)'"', 0xED, 0xA0, (byte)'"'], out _).ToString().ShouldBe(nameof(PayloadProblem.InvalidText));
    }

    [Theory]
    [InlineData(128, nameof(PayloadProblem.None))]
    [InlineData(129, nameof(PayloadProblem.InvalidJson))]
    public void Depth_is_limited_to_what_readers_take(int depth, string problem) =>
        Check(new string('[', depth) + new string(']', depth)).ShouldBe(problem);

    [Fact]
    public void Of_any_text_as_a_JSON_string_just_the_halves_are_replaced() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements('a', '\\', '"', '\n', 'é', '\ud83d', '\ude00')).ToArbitrary(), chars =>
        {
            var escaped = string.Concat(chars.Select(c => $"\\u{(int)c:x4}"));
            var document = Encoding.UTF8.GetBytes($"\"{escaped}\"");
            var problem = JsonCheck.Find(document, out var halves);
            var runes = new string(chars).EnumerateRunes().ToArray();
            return problem == PayloadProblem.None
                && halves == runes.Count(r => r == Rune.ReplacementChar)
                && JsonDocument.Parse(document).RootElement.GetString() == string.Concat(runes);
        }).ShouldHold();

    private static string Check(string document) => JsonCheck.Find(Encoding.UTF8.GetBytes(document), out _).ToString();
}
