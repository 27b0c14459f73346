using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Apis;

public sealed class FieldCaseTests
{
    [Theory]
    [InlineData("chat-completions")]
    [InlineData("messages-api")]
    public void Requests_of_other_apis_are_sound(string name) =>
        Snapshot.Match(Printed.InBothModes(FieldCase.Bundle($"requests-of-other-apis/{name}")), part: name);

    [Theory]
    [InlineData("no-type")]
    [InlineData("text-input")]
    [InlineData("text-content")]
    public void Short_forms_are_sound_to_tolerant_reduction(string name) =>
        Snapshot.Match(Printed.Of(RolloutReducer.Reduce(FieldCase.Bundle($"requests-in-the-short-form/{name}"))), part: name);
}
