using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

/// <summary>Bundles as the field writes them keep all that can be read, and say once what cannot.</summary>
public class FieldCaseTests
{
    public static TheoryData<string> Names => [.. FieldCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reads(string name) =>
        Snapshot.Match(
            StateText.Of(RolloutReducer.Reduce(FieldCase.Bundle(name))).Replace(FieldCase.Root, "…", StringComparison.Ordinal),
            part: name.Replace('/', '.'));
}
