using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>What an agent does to the process that it runs in.</summary>
public class SurroundingsTests
{
    [Fact]
    public void A_rollout_that_starts_without_a_current_directory_is_recorded()
    {
        using var target = new TargetProcess("no-directory");

        target.WaitForExit().ShouldBe(0, target.Errors);

        var graph = RecorderFixture.Reduce(target.Bundle);
        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.Threads.Count.ShouldBe(2);
        File.ReadAllText(Path.Join(target.Bundle, "payloads", "1.json")).ShouldContain("\"cwd\":\"\"");
    }
}
