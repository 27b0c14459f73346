using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace CodingAgent.Tests.Processes;

/// <summary>The program is killed in the middle of its work: what is left of the rollout reduces.</summary>
public sealed class KillTests
{
    // What it says when an agent waits for code, when code runs beside it, when a command waits for input, after a compaction.
    private static readonly string[] Moments = ["Script running with cell ID 1", "Script running with cell ID 2", "Process running with session ID", "the history was compacted"];

    [Fact]
    public void Wherever_it_is_killed_the_bundle_reduces_in_both_modes() => Parallel.ForEach(
        Moments,
        new ParallelOptions { MaxDegreeOfParallelism = 2 },
        moment =>
        {
            using var agent = new AgentProcess();
            agent.WaitUntilSaid(moment);
            agent.WaitUntil(() => Directory.Exists(agent.Root) && Directory.GetDirectories(agent.Root).Any(HasTested));
            agent.Kill();
            agent.WaitForExit().ShouldNotBe(0);

            Check(Directory.GetDirectories(agent.Root).ShouldHaveSingleItem());
        });

    // Its first command is long over; how long a disk takes to have it is not the program's to say.
    private static bool HasTested(string bundle) =>
        BundleReader.IsBundle(bundle) && BundleReader.Open(bundle).ReadEvents().Any(l => l.Event?.Payload is ToolCallEndedEvent { ToolCallId: "call_test" });

    private static void Check(string bundle)
    {
        // Only the last line may have been torn; a strict reduction refuses that one line, and nothing else.
        var lines = BundleReader.Open(bundle).ReadEvents().ToList();
        var torn = lines.Count(l => l.Event is null);
        lines.SkipLast(1).ShouldAllBe(l => l.Event != null);

        var tolerant = RolloutReducer.Reduce(bundle);
        tolerant.Diagnostics.Count.ShouldBe(torn, string.Join('\n', tolerant.Diagnostics));
        tolerant.Graph.Status.ShouldBe(RolloutStatus.Running);
        tolerant.Graph.CodexTurns.Values.ShouldContain(t => t.Execution.Status == ExecutionStatus.Running);
        tolerant.Graph.ToolCalls["call_test"].Execution.Status.ShouldBe(ExecutionStatus.Completed);
        if (torn == 0)
        {
            var strict = RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true });
            strict.Graph.ConversationItems.Keys.ShouldBe(tolerant.Graph.ConversationItems.Keys);
        }
        else
        {
            Should.Throw<ReductionException>(() => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true })).Diagnostic.Line.ShouldBe(lines.Count);
        }
    }
}
