using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Joining.Tests.Processes;

/// <summary>Agents that start each other as processes, each with a recorder and a directory of its own.</summary>
public sealed class ChainTests
{
    [Fact]
    public void Three_levels_are_one_tree_in_one_trace_and_each_answer_is_a_result()
    {
        using var target = new TargetProcess("chain", "2");
        target.WaitForExit().ShouldBe(0, target.Errors);
        using var directory = new JoinDirectory();

        var joined = directory.JoinPaths(Bundles(target.Root));

        directory.Result.Apart.ShouldBeEmpty();
        var graph = JoinDirectory.Reduce(joined);
        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/agent_1", "/root/agent_1/agent_0"], ignoreOrder: true);
        graph.InteractionEdges.Values.Count(edge => edge.Kind == InteractionEdgeKind.SpawnAgent && edge.Source is ToolCallAnchor).ShouldBe(2);
        graph.InteractionEdges.Values.Count(edge => edge.Kind == InteractionEdgeKind.AgentResult).ShouldBe(2);
        JoinDirectory.Events(joined).Select(e => e.Otel?.TraceId).OfType<string>().Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_callee_that_was_killed_is_there_as_far_as_it_got()
    {
        using var target = new TargetProcess("chain", "1 killed");
        target.WaitForExit().ShouldBe(0, target.Errors);
        using var directory = new JoinDirectory();

        var graph = JoinDirectory.Reduce(directory.JoinPaths(Bundles(target.Root)));

        graph.Status.ShouldBe(RolloutStatus.Failed);
        var callee = graph.Threads.Values.Single(thread => thread.AgentPath == "/root/agent_0");
        callee.Execution.Status.ShouldBe(ExecutionStatus.Running);
        graph.InteractionEdges.Values.ShouldHaveSingleItem().Kind.ShouldBe(InteractionEdgeKind.SpawnAgent);
        graph.InferenceCalls.Values.Count(call => call.ThreadId == callee.ThreadId).ShouldBe(1);
    }

    private static IReadOnlyList<string> Bundles(string root) =>
        [.. Directory.EnumerateFiles(root, BundleLayout.ManifestFileName, SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal)];
}
