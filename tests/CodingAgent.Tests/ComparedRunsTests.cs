using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace CodingAgent.Tests;

/// <summary>
/// The recorded run against one in which a piece of text is another wherever it stands, as it would be in a run of that kind: what
/// differed first is found, and nothing that follows from it is taken for a cause, over agents and compactions.
/// </summary>
[Collection(Rollouts.Name)]
public sealed class ComparedRunsTests(RecordedTask task)
{
    [Fact]
    public void A_run_is_like_itself() => Differences(static text => text).ShouldBeEmpty();

    [Theory]
    [InlineData("and makes one hyphen of each space", "and makes a hyphen of every blank", "Choice Text  /root/reviewer")]
    [InlineData("and say why the test fails", "and tell me why the test fails", "Choice Arguments  /root")]
    [InlineData("The user interrupted the last turn", "The user has stopped the last turn", "Input Item User /root")]
    [InlineData("no loops where a filter does", "loops are fine", "Input Item ToolOutput /root")]
    [InlineData("It is patched and gives", "It was patched and gives", "Input Item Compaction /root")]
    [InlineData("You are /root/reviewer", "You are the reviewer", "Input Instructions  /root/reviewer")]
    public void What_differed_first_is_found_and_all_else_follows(string text, string other, string expected) =>
        Differences(payload => payload.Replace(text, other, StringComparison.Ordinal)).ShouldBe([expected]);

    [Fact]
    public void What_the_helper_found_in_the_world_is_told_in_the_helpers_thread() =>
        Differences(static payload => payload.Replace("check() {", "verify() {", StringComparison.Ordinal))[0].ShouldBe("Input Item ToolOutput /root/reviewer");

    private List<string> Differences(Func<string, string> change)
    {
        using var other = TestBundle.Copy(task.Bundle, changePayload: (text, _) => change(text));
        var comparison = RolloutComparison.Of("A", OpenRollout.Open(BundleReader.Open(task.Bundle)), "B", OpenRollout.Open(BundleReader.Open(other.Directory)));
        comparison.GaveUp.ShouldBeNull();
        return [.. comparison.Differences.Select(static difference => $"{difference.Kind} {difference.What} {difference.Source} {difference.A.Thread}")];
    }
}
