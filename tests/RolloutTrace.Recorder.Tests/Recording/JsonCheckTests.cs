using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Recorder.Recording;

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
    [InlineData("""["\ud83d"]""")]
    [InlineData("""["\ude00"]""")]
    [InlineData("""["\ud83d\n"]""")]
    [InlineData("""["\ud83dx\ude00"]""")]
    [InlineData("""["\ud83d\u0041"]""")]
    [InlineData("""["\ude00\ud83d"]""")]
    [InlineData("""{"\uDBFF":1}""")]
    public void Lone_surrogates_are_found_wherever_they_are(string text) => Check(text).ShouldBe(nameof(PayloadProblem.InvalidText));

    [Theory]
    [InlineData(128, nameof(PayloadProblem.None))]
    [InlineData(129, nameof(PayloadProblem.InvalidJson))]
    public void Depth_is_limited_to_what_readers_take(int depth, string problem) =>
        Check(new string('[', depth) + new string(']', depth)).ShouldBe(problem);

    [Fact]
    public void Any_text_as_a_JSON_string_is_judged_by_its_surrogates() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements('a', '\\', '"', '\n', 'é', '\ud83d', '\ude00')).ToArbitrary(), chars =>
        {
            var escaped = string.Concat(chars.Select(c => $"\\u{(int)c:x4}"));
            var isSound = !new string(chars).EnumerateRunes().Any(r => r == Rune.ReplacementChar);
            return Check($"\"{escaped}\"") == (isSound ? nameof(PayloadProblem.None) : nameof(PayloadProblem.InvalidText));
        }).QuickCheckThrowOnFailure();

    private static string Check(string document) => JsonCheck.Find(Encoding.UTF8.GetBytes(document)).ToString();
}
