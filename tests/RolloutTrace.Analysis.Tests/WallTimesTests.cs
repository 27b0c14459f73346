using System.Text.RegularExpressions;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>The wall clock may step back: what took less than no time took nobody knows how long.</summary>
public sealed partial class WallTimesTests
{
    private const long Hour = 3_600_000;

    public static TheoryData<string, int> Steps
    {
        get
        {
            var steps = new TheoryData<string, int>();
            foreach (var name in new[] { "mixed-1001", "multi-1001" })
            {
                for (var percent = 10; percent < 100; percent += 20)
                {
                    steps.Add(name, percent);
                }
            }

            return steps;
        }
    }

    [Theory]
    [InlineData(5L, 7L, 2L)]
    [InlineData(5L, 5L, 0L)]
    [InlineData(7L, 5L, null)]
    [InlineData(5L, null, null)]
    [InlineData(null, 5L, null)]
    [InlineData(long.MinValue, long.MaxValue, null)]
    [InlineData(long.MaxValue, long.MinValue, null)]
    public void Between_is_never_negative(long? start, long? end, long? duration) => WallTimes.Between(start, end).ShouldBe(duration);

    [Theory]
    [MemberData(nameof(Steps))]
    public void Nothing_takes_less_than_no_time_wherever_the_clock_steps_back(string name, int percent)
    {
        using var bundle = TestBundle.Copy(ConformanceCase.Named(name).Bundle, lines => SetBack(lines, lines.Length * percent / 100));
        var rollout = OpenRollout.Open(bundle.Open());
        var nodes = Flatten(RolloutOutline.Of(rollout)).ToList();

        nodes.ShouldAllBe(node => !(node.DurationMs < 0));
        nodes.ShouldContain(node => node.IsDurationUnknown);
        nodes.ShouldAllBe(node => !node.IsDurationUnknown || node.DurationMs == null);
        InspectAnswer.Of(rollout, []).DurationMs.ShouldBeNull();
        RolloutSpans.Of(rollout).ShouldAllBe(span => span.EndUnixNs > span.StartUnixNs);
        foreach (var id in rollout.Graph.InferenceCalls.Keys.Concat(rollout.Graph.ToolCalls.Keys).Concat(rollout.Graph.CodexTurns.Keys))
        {
            Explanation.Of(rollout, id).SelectMany(explanation => explanation.Steps).ShouldAllBe(step => !step.Text.Contains(" after -", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> SetBack(string[] lines, int from) =>
        lines.Select((line, i) => i < from ? line : WallTime().Replace(line, match => $"{match.Groups["name"].Value}{long.Parse(match.Groups["time"].Value) - (24 * Hour)}", 1));

    private static IEnumerable<OutlineNode> Flatten(IEnumerable<OutlineNode> nodes) => nodes.SelectMany(node => Flatten(node.Children).Prepend(node));

    [GeneratedRegex("""(?<name>"wall_time_unix_ms":\s*)(?<time>\d+)""", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex WallTime();
}
