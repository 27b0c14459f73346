using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutSpansTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names.Where(static name => name.StartsWith("mixed", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_spans_need_of_the_log_is_known_from_its_reduction(string name)
    {
        using var bundle = TestBundle.Copy(ConformanceCase.Named(name).Bundle);
        var rollout = OpenRollout.Open(BundleReader.Open(bundle.Directory));
        var whole = RolloutSpans.Of(rollout);

        File.Delete(Path.Join(bundle.Directory, "trace.jsonl"));

        whole.ShouldNotBeEmpty();
        RolloutSpans.Of(rollout).Select(Describe).ShouldBe(whole.Select(Describe));
    }

    private static string Describe(RolloutSpan span) =>
        $"{span.Reference} {span.Parent} {span.Name} {span.StartUnixMs}-{span.EndUnixMs} {string.Join(',', span.Attributes)} {string.Join(',', span.Links)}";
}
