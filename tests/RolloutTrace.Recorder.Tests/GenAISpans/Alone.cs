namespace RolloutTrace.Recorder.Tests.GenAISpans;

/// <summary>Tests that take every span of our source for theirs, which other tests make too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone with our source";
}
