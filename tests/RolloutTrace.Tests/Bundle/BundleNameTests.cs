using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Bundle;

public sealed class BundleNameTests
{
    [Theory]
    [InlineData("trace-018f-019a", "trace-018f-019a")]
    [InlineData("a.b_C-9", "a.b_C-9")]
    [InlineData(".hidden", "%2Ehidden")]
    [InlineData("..", "%2E.")]
    [InlineData("a/../b c%", "a%2F..%2Fb%20c%25")]
    [InlineData("ä", "%C3%A4")]
    public void A_name_is_a_files_name_everywhere(string word, string name) => BundleName.Of(word).ShouldBe(name);

    [Fact]
    public void A_bundle_is_named_by_its_manifest() =>
        BundleName.Of(new BundleManifest { TraceId = "t 1", RolloutId = "r", RootThreadId = "x", StartedAtUnixMs = 0 }).ShouldBe("trace-t%201-x");

    [Fact]
    public void Every_word_has_a_valid_name_and_others_have_others() => Prop.ForAll<NonEmptyString, NonEmptyString, NonNegativeInt>((first, second, length) =>
    {
        var (a, b) = (first.Get + new string('x', length.Get % 300), second.Get + new string('x', length.Get % 300));
        return BundleName.IsValid(BundleName.Of(a)) && (System.Text.Encoding.UTF8.GetBytes(a).SequenceEqual(System.Text.Encoding.UTF8.GetBytes(b)) || BundleName.Of(a) != BundleName.Of(b));
    }).ShouldHold(500);

    [Theory]
    [InlineData(198)]
    [InlineData(199)]
    [InlineData(200)]
    [InlineData(201)]
    public void A_long_name_is_cut_at_a_whole_character_and_ends_in_a_hash(int length) => BundleName.IsValid(BundleName.Of(new string('a', length % 3) + new string('ä', length))).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(".a")]
    [InlineData("a/b")]
    [InlineData("a%2")]
    [InlineData("a%2f")]
    [InlineData("a b")]
    public void Other_texts_are_no_names(string? text) => BundleName.IsValid(text).ShouldBeFalse();

    [Theory]
    [InlineData(1770000000000, "2026-02-02")]
    [InlineData(-1L, "1969-12-31")]
    [InlineData(long.MaxValue, "1970-01-01")]
    [InlineData(null, "1970-01-01")]
    public void A_rollouts_day_is_that_of_its_start_in_UTC(long? startedAtUnixMs, string day) => BundleName.DayOf(startedAtUnixMs).ShouldBe(day);
}
