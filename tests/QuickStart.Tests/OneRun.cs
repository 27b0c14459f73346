namespace QuickStart.Tests;

/// <summary>Tests of one run of the agent, one after the other: a run listens to all that is traced in the process.</summary>
[CollectionDefinition(nameof(RecordedRun))]
public sealed class OneRun : ICollectionFixture<RecordedRun>;
