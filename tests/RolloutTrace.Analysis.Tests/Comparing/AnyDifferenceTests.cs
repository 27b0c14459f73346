using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests.Comparing;

/// <summary>In runs of any length, the one thing that differs is the first difference, at its place, and the only one.</summary>
public sealed class AnyDifferenceTests
{
    private enum What
    {
        Nothing,
        Instructions,
        User,
        Output,
        Arguments,
        Words,
        Attempt,
    }

    [Fact]
    public void The_one_thing_that_differs_is_the_one_difference()
    {
        var runs =
            from turns in Gen.Choose(0, 4).ListOf()
            from what in Gen.Elements(Enum.GetValues<What>())
            from at in Gen.Choose(0, 999)
            select (Turns: turns.Append(2).ToArray(), what, at);
        Prop.ForAll(runs.Resize(12).ToArbitrary(), run =>
        {
            var (turns, what, at) = run;
            using var a = Run("a", turns, What.Nothing, -1);
            using var b = Run("b", turns, what, at);
            var comparison = RolloutComparison.Of("A", a.Open(), "B", b.Open());

            comparison.GaveUp.ShouldBeNull();
            comparison.Differences.Select(static difference => (difference.Kind, difference.What, difference.Source, difference.A.Request, Request: difference.B.Request))
                .ShouldBe(Expected(turns, what, at));
        }).ShouldHold(40);
    }

    private static IEnumerable<(DifferenceKind, DifferenceSubject, DifferenceSource?, string?, string?)> Expected(int[] turns, What what, int at)
    {
        var places = Places(turns, what);
        if (what == What.Nothing || places.Count == 0)
        {
            return [];
        }

        var request = places[at % places.Count];
        return what switch
        {
            What.Instructions => [Of(DifferenceKind.Input, DifferenceSubject.Instructions, null, request)],
            What.User => [Of(DifferenceKind.Input, DifferenceSubject.Item, DifferenceSource.User, request)],
            What.Output => [Of(DifferenceKind.Input, DifferenceSubject.Item, DifferenceSource.ToolOutput, request + 1)],
            What.Arguments => [Of(DifferenceKind.Choice, DifferenceSubject.Arguments, null, request)],
            What.Words => [Of(DifferenceKind.Choice, DifferenceSubject.Text, null, request)],
            _ => [Of(DifferenceKind.Attempt, DifferenceSubject.Failed, null, request)],
        };
    }

    private static (DifferenceKind, DifferenceSubject, DifferenceSource?, string?, string?) Of(DifferenceKind kind, DifferenceSubject what, DifferenceSource? source, int request) =>
        (kind, what, source, $"a-i{request}", $"b-i{request}");

    // The numbers of the requests at which something of a kind can differ.
    private static List<int> Places(int[] turns, What what)
    {
        var places = new List<int>();
        var request = 0;
        foreach (var calls in turns)
        {
            for (var call = 0; call <= calls; call++)
            {
                request++;
                var isFirst = call == 0;
                var isLast = call == calls;
                if (what switch { What.User => isFirst, What.Words => isLast, What.Output or What.Arguments => !isLast, _ => true })
                {
                    places.Add(request);
                }
            }
        }

        return places;
    }

    private static RunStory Run(string prefix, int[] turns, What what, int at)
    {
        var places = Places(turns, what);
        var place = what == What.Nothing || places.Count == 0 ? -1 : places[at % places.Count];
        var run = new RunStory(prefix);
        var request = 0;
        foreach (var (turn, calls) in turns.Index())
        {
            string If(What wanted, string otherwise, string text) => what == wanted && request + 1 == place ? otherwise : text;
            run.User(If(What.User, "something else", $"task {turn}"));
            for (var call = 0; call <= calls; call++)
            {
                run.Instructions = If(What.Instructions, "Stop.", run.Instructions);
                if (what == What.Attempt && request + 1 == place)
                {
                    run.Fails("overloaded");
                }

                if (call == calls)
                {
                    run.Says(If(What.Words, "So it is.", "Done."));
                }
                else
                {
                    // The same calls and the same words come again and again, as they do.
                    run.Calls("read", If(What.Arguments, """{"path":"other"}""", $$"""{"path":"{{call % 2}}"}"""), If(What.Output, "other", $"text {call % 3}"));
                }

                request++;
            }
        }

        return run;
    }
}
