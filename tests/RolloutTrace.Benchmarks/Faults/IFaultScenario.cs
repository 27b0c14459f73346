namespace RolloutTrace.Benchmarks.Faults;

/// <summary>
/// Something that goes wrong around a recorder, and what is promised for it. A class in the folder Scenarios that implements this
/// and has a constructor without parameters is a scenario: nothing else has to know it.
/// </summary>
internal interface IFaultScenario
{
    /// <summary>What it is called on the command line: words with hyphens, such as <c>stalled-disk-exit</c>.</summary>
    string Name { get; }

    /// <summary>What is promised, in a sentence for the table.</summary>
    string Promise { get; }

    /// <summary>Lets it go wrong, with real parts, and looks. What it throws counts as a promise that does not hold.</summary>
    FaultOutcome Run();
}
