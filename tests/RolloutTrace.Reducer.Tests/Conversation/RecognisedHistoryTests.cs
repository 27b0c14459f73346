using FsCheck;
using FsCheck.Fluent;

namespace RolloutTrace.Reducer.Tests.Conversation;

/// <summary>What a request repeats is recognised by its bytes, wherever it stands, and then not read. That is only faster.</summary>
public class RecognisedHistoryTests
{
    // How many histories are played: more by hand, where something of this was changed.
    private static readonly int Histories = int.Parse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_HISTORIES") ?? "60");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_DoesNotDependOnWhatIsRecognised(bool soundOnly)
    {
        var step = Gen.Choose(0, 9999).Three();
        var steps = Gen.Choose(1, 120).SelectMany(step.ListOf);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(steps.ToArbitrary(), list =>
            {
                var played = PlayedHistory.Of(list, soundOnly);

                Normal(played.ReduceWithEntriesFoundAhead()).ShouldBe(Normal(played.Reduce(recognises: false)));
            }));
    }

    // How often one cause was met again is counted where it is read again.
    private static string Normal(string state)
    {
        const string More = " more of the same cause)";
        for (var at = state.IndexOf(More, StringComparison.Ordinal); at >= 0; at = state.IndexOf(More, StringComparison.Ordinal))
        {
            var start = state.LastIndexOf(" (", at, StringComparison.Ordinal);
            state = state.Remove(start, at + More.Length - start);
        }

        return state;
    }
}
