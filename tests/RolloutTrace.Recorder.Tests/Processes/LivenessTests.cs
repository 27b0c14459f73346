using OpenTelemetry.Trace;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>Whether the process that records a bundle lives is to be seen from outside, by the query layer, and not from the state.</summary>
public class LivenessTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public void Of_a_process_that_is_killed_every_unended_rollout_runs_before_and_has_died_afterwards()
    {
        using var target = new TargetProcess("record", below: MemoryDirectory.Path);
        target.WaitUntilSaid("handed-over", 400);
        var before = Unended(target);
        var states = before.ToDictionary(b => b.Bundle, b => StatusOf(b.Bundle));
        target.Kill();
        target.WaitForExit();

        before.ShouldNotBeEmpty();
        before.ShouldAllBe(b => b.Status == RolloutStanding.Running);
        states.Values.ShouldAllBe(s => s == RolloutStatus.Running);
        var after = Unended(target);
        after.Length.ShouldBeGreaterThanOrEqualTo(before.Length);
        after.ShouldAllBe(b => b.Status == RolloutStanding.Died && b.StatusEvidence != null);
        after.Select(b => StatusOf(b.Bundle)).ShouldAllBe(s => s == RolloutStatus.Running, "the state tells what was recorded and nothing else");
        Locks(target).ShouldHaveSingleItem("what holds the lock did not come to delete it");
        Outline(after[0].Bundle).Select(n => n.Status).ShouldBe([OutlineNode.Unfinished]);

        using (BundleWriterLock.TryTake(target.Root).ShouldNotBeNull())
        {
            Locks(target).Length.ShouldBe(1, "the next recorder cleans up");
            Unended(target).ShouldAllBe(b => b.Status == RolloutStanding.Unended);
        }
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("return")]
    public void A_process_that_ends_without_ending_its_rollout_leaves_it_unended_and_no_lock(string scenario)
    {
        using var target = new TargetProcess(scenario);
        target.WaitForExit().ShouldBe(3, target.Errors);

        Unended(target).ShouldHaveSingleItem().Status.ShouldBe(RolloutStanding.Unended);
        Locks(target).ShouldBeEmpty();
    }

    [Fact]
    public void A_process_that_ends_in_order_leaves_an_ended_rollout_and_no_lock()
    {
        using var target = new TargetProcess("shutdown");
        target.WaitForExit().ShouldBe(3, target.Errors);

        var overview = BundleOverview.Read(BundleReader.Open(target.Bundle), Now);
        overview.Status.ShouldBe(RolloutStanding.Completed);
        overview.StatusEvidence.ShouldBeNull();
        Locks(target).ShouldBeEmpty();
    }

    [Fact]
    public void However_many_rollouts_there_are_a_recorder_has_one_lock_and_a_deleted_one_is_replaced()
    {
        using var recorder = new RecorderFixture();
        using var first = recorder.StartSession();
        using var second = recorder.StartSession();
        recorder.Flush();
        recorder.Bundles.ShouldAllBe(b => BundleReader.Open(b).FindWriter() == BundleWriterState.Alive);
        Directory.Delete(recorder.Root, recursive: true);

        using var third = recorder.StartSession();
        recorder.Flush();

        BundleReader.Open(recorder.Bundle).FindWriter().ShouldBe(BundleWriterState.Alive);
        Directory.GetFiles(recorder.Root).ShouldHaveSingleItem();
        recorder.Provider.Shutdown().ShouldBeTrue();
        Directory.GetFiles(recorder.Root).ShouldBeEmpty();
        BundleReader.Open(recorder.Bundle).FindWriter().ShouldBe(BundleWriterState.NoLock);
    }

    private static BundleOverview[] Unended(TargetProcess target) =>
        [.. target.Bundles.Where(BundleReader.IsBundle).Select(b => BundleOverview.Read(BundleReader.Open(b), Now)).Where(b => b.StatusEvidence is not null)];

    private static string[] Locks(TargetProcess target) => Directory.GetFiles(target.Root, ".recorder-*");

    private static RolloutStatus StatusOf(string bundle) => RolloutReducer.Reduce(bundle).Graph.Status;

    private static IReadOnlyList<OutlineNode> Outline(string bundle)
    {
        var reader = BundleReader.Open(bundle);
        var writer = reader.FindWriter();
        var graph = RolloutReducer.Reduce(reader).Graph;
        return RolloutOutline.Of(OpenRollout.OfState(graph).With(RolloutLiveness.Of(graph, writer, Now)));
    }
}
