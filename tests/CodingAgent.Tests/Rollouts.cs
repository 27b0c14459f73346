namespace CodingAgent.Tests;

/// <summary>
/// Tests that start rollouts in this process. Who listens to spans is a matter of the whole process, so these take turns, and
/// a rollout is seen by the listeners of its own test only.
/// </summary>
[CollectionDefinition(Name)]
public sealed class Rollouts : ICollectionFixture<RecordedTask>
{
    public const string Name = "rollouts";
}
