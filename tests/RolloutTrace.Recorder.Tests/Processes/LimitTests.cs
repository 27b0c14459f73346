using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>The limits of the machine, each in a process that has it to itself.</summary>
public class LimitTests
{
    [Fact]
    public void Beyond_a_limit_on_files_a_bundle_stops_at_a_clean_prefix_and_another_goes_on()
    {
        // In blocks of 512 bytes. The runtime itself needs larger files to protect its code.
        using var target = new TargetProcess("file-limit", shell: "export DOTNET_EnableWriteXorExecute=0; ulimit -f 200");

        target.WaitForExit().ShouldBe(0, target.Errors);

        var small = target.Bundles.Single(b => b.EndsWith("small", StringComparison.Ordinal));
        var large = target.Bundles.Single(b => b.EndsWith("large", StringComparison.Ordinal));
        RecorderFixture.Reduce(small).Status.ShouldBe(RolloutStatus.Completed);
        RecorderFixture.Reduce(large).Status.ShouldBe(RolloutStatus.Running);

        // Up to the start of the turn whose request did not fit; and of that request nothing is left.
        RecorderFixture.Events(large).Count.ShouldBe(2 + 4 + 1);
        Directory.GetFiles(Path.Join(large, "payloads")).Length.ShouldBe(3);
    }

    [Fact]
    public void Many_times_the_rollouts_that_files_may_be_open_are_all_complete_and_open_files_stay_bounded()
    {
        // Ten thousand of them are for who has a minute.
        var rollouts = int.Parse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_ROLLOUTS") ?? "2500");
        using var target = new TargetProcess("many", $"{rollouts}", shell: "ulimit -n 512");

        target.WaitForExit().ShouldBe(0, target.Errors);

        int.Parse(target.Said("open-files").Single()[0]).ShouldBeLessThan(100);
        var bundles = target.Bundles;
        bundles.Length.ShouldBe(rollouts);
        bundles.ShouldAllBe(b => File.ReadLines(Path.Join(b, "trace.jsonl")).Count() == 2 + 6 + 2);
        bundles.Where((_, i) => i % 250 == 0).ShouldAllBe(b => RecorderFixture.Reduce(b).Status == RolloutStatus.Completed);
    }

    [Fact]
    public void A_session_of_a_hundred_thousand_turns_does_not_make_the_recorder_grow()
    {
        using var target = new TargetProcess("long", "100000");

        target.WaitForExit().ShouldBe(0, target.Errors);

        var heap = target.Said("heap").Single();
        (long.Parse(heap[1]) - long.Parse(heap[0])).ShouldBeLessThan(2 << 20, string.Join(' ', heap));
        File.ReadLines(Path.Join(target.Bundle, "trace.jsonl")).Count().ShouldBe(2 + 200_000 + 2);
    }

    [Fact]
    public void Under_overload_memory_stays_within_its_bound_and_every_bundle_is_a_clean_prefix()
    {
        // A minute of it is for those who have one.
        var seconds = Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_OVERLOAD_SECONDS") ?? "5";
        using var target = new TargetProcess("overload", seconds);

        target.WaitForExit().ShouldBe(0, target.Errors);

        var memory = target.Said("memory").Single().Select(long.Parse).ToArray();
        (memory[1] - memory[0]).ShouldBeLessThan(memory[2] + (64 << 20), string.Join(' ', memory));
        foreach (var bundle in target.Bundles)
        {
            RecorderFixture.Reduce(bundle);
        }
    }
}
