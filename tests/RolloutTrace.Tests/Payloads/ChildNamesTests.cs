using RolloutTrace.Payloads;

namespace RolloutTrace.Tests.Payloads;

public class ChildNamesTests
{
    [Theory]
    [InlineData("expert,expert,expert", "expert,expert_2,expert_3")]
    [InlineData("expert_2,expert,expert", "expert_2,expert,expert_3")]
    [InlineData("expert,expert,expert_2", "expert,expert_2,expert_2_2")]
    [InlineData("An expert,an_expert", "an_expert,an_expert_2")]
    [InlineData(",root,agent", "agent,root_,agent_2")]
    public void Take_OneNameAfterTheOther_GivesNoneTwice(string given, string expected)
    {
        var names = new ChildNames();
        given.Split(',').Select(names.Take).ShouldBe(expected.Split(','));
    }

    [Fact]
    public void Take_NamesOfAnyLength_StayNamesOfAPath()
    {
        var names = new ChildNames();
        var taken = Enumerable.Range(0, 3).Select(_ => names.Take(new string('x', 1000))).ToList();
        taken.ShouldBeUnique();
        taken.ShouldAllBe(name => AgentPaths.NameOf(AgentPaths.Child(AgentPaths.Root, name)) == name);
    }
}
