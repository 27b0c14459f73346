using CodingAgent.Agents;
using CodingAgent.Narration;
using CodingAgent.ScriptedModel;

namespace CodingAgent.Tests.Agents;

[Collection(Rollouts.Name)]
public sealed class AgentRunTests
{
    [Fact]
    public async Task Who_interrupts_before_the_first_turn_ends_the_run_before_it_has_begun()
    {
        await using var task = await FixedTask.CreateAsync();
        using var recording = new Recording();
        var interruption = new Interruption();
        var said = new StringWriter();
        interruption.Interrupt();

        (await task.RunAsync(new Narrator(said, colours: false), interruption)).ShouldBeNull();

        said.ToString().Trim().ShouldBe("Ended by the user.");
        task.Server.Received.ShouldBeEmpty();
    }
}
