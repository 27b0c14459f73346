using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Joining.Tests;

/// <summary>Whatever processes there are: the same bundles give the same bytes, given in any order and joined in any groups, and nothing is lost.</summary>
public sealed class AnyOrderTests
{
    [Fact]
    public void The_same_bundles_give_the_same_bytes_in_any_order_and_joined_step_by_step() =>
        Prop.ForAll(AnyProcesses.Arbitrary, processes =>
        {
            using var directory = new JoinDirectory();
            var paths = processes.Write(directory.Root);
            var whole = directory.JoinPaths(paths);

            directory.Result.Apart.ShouldBeEmpty();
            JoinDirectory.ShouldBeSame(directory.JoinPaths(processes.Shuffled(paths)), whole);
            JoinDirectory.ShouldBeSame(directory.JoinPaths([whole]), whole);

            // One after the other: each bundle comes behind the one that it belongs to.
            var step = directory.JoinPaths(paths.Take(1));
            foreach (var next in paths.Skip(1))
            {
                step = directory.JoinPaths([next, step]);
            }

            JoinDirectory.ShouldBeSame(step, whole);
        }).ShouldHold(12);

    [Fact]
    public void Nothing_is_lost_and_nothing_comes_before_its_cause() =>
        Prop.ForAll(AnyProcesses.Arbitrary, processes =>
        {
            using var directory = new JoinDirectory();
            var paths = processes.Write(directory.Root);
            var joined = directory.JoinPaths(paths);
            var events = JoinDirectory.Events(joined);

            foreach (var path in paths)
            {
                var own = JoinDirectory.Events(path);
                var id = BundleReader.Open(path).Manifest.TraceId;
                events.Where(e => e.Part == id && e.PartSeq is not null).Select(e => e.PartSeq!.Value).ShouldBe(Enumerable.Range(1, own.Count).Select(i => (long)i));
            }

            var result = RolloutReducer.Reduce(joined);
            result.Diagnostics.ShouldNotContain(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            var graph = result.Graph;
            graph.ToolCalls.Count.ShouldBe(processes.Processes.Sum(process => process.Tools));
            graph.InferenceCalls.Count.ShouldBe(processes.Processes.Sum(process => process.Tools));
            graph.CodexTurns.Count.ShouldBe(processes.Processes.Count);
            foreach (var edge in graph.InteractionEdges.Values.Where(edge => edge is { Kind: InteractionEdgeKind.SpawnAgent, Source: ToolCallAnchor }))
            {
                var tool = graph.ToolCalls[((ToolCallAnchor)edge.Source).ToolCallId];
                var thread = graph.Threads[((ThreadAnchor)edge.Target).ThreadId];
                thread.Execution.StartedSeq.ShouldBeGreaterThan(tool.Execution.StartedSeq);
                thread.Execution.StartedAtUnixMs.ShouldBeGreaterThanOrEqualTo(tool.Execution.StartedAtUnixMs);
            }
        }).ShouldHold(12);
}
