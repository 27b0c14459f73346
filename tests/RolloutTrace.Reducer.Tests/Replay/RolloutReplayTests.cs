using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Replay;

public class RolloutReplayTests
{
    public static TheoryData<string> Accepted => [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused)];

    public static TheoryData<string> Refused => [.. ConformanceCase.Names.Where(name => ConformanceCase.Named(name).IsRefused)];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Any_prefix_of_a_sound_log_is_sound(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;
        var count = File.ReadAllLines(Path.Join(bundle, "trace.jsonl")).Length;
        var step = Math.Max(1, count / 10);
        for (var kept = 0; kept < count; kept += step)
        {
            using var prefix = TestBundle.Copy(bundle, lines => lines[..kept]);

            prefix.Reduce(strict: true).Graph.Diagnostics.ShouldBeNull();
        }
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void The_same_bundle_gives_the_same_bytes(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;

        TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph).ShouldBe(TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph));
    }

    /// <summary>An event that cannot be applied leaves nothing behind but its diagnostic and its payload references.</summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public void An_event_is_applied_whole_or_not_at_all(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;
        var result = RolloutReducer.Reduce(bundle);
        var leftOut = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Line).ToHashSet();
        using var without = TestBundle.Copy(bundle, lines => lines.Where((_, i) => !leftOut.Contains(i + 1)));

        var expected = without.Reduce().Graph;

        TestBundle.ToJson(result.Graph with { Diagnostics = null }).ShouldBe(TestBundle.ToJson(expected with
        {
            Diagnostics = null,
            RawPayloads = result.Graph.RawPayloads,
        }));
    }
}
