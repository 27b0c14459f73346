using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class BundleLayoutTests
{
    [Fact]
    public void The_overview_beside_a_packed_rollout_is_hidden_and_has_its_name() =>
        BundleLayout.OverviewBeside("trace-a-b.rollout.tar.zst").ShouldBe(".trace-a-b.overview.json");

    [Theory]
    [InlineData("trace-a-b")]
    [InlineData("trace-a-b.tar.zst")]
    [InlineData("")]
    public void What_is_no_packed_rollout_has_none(string name) =>
        Should.Throw<ArgumentException>(() => BundleLayout.OverviewBeside(name)).Message.ShouldContain($"'{name}' is no packed rollout's name");
}
