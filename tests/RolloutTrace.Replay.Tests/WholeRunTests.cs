using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Replay.Tests;

/// <summary>An agent that is played from its own recording does what it did, whatever that was.</summary>
public sealed class WholeRunTests
{
    private const string Then = "2026-02-02T10:00:00Z";
    private const string Now = "2026-11-27T18:31:07Z";

    // Words that mean something to JSON, to streams or to what is compared; some are said again and again.
    private static readonly string[] Words =
        ["pump", "pump", "valve", "{\"a\":1}", "\"quoted\"", "42", "line\nbreak", "  ", "ümläut 😀", "call_1", ScriptStep.Leave, ScriptStep.Cancel, "[1, 2]", "resp-001", "41234", "1.5s"];

    private static readonly Gen<string> Text = Gen.Choose(0, 4).SelectMany(static count => Gen.Elements(Words).ListOf(count)).Select(static words => string.Join(' ', words));

    private static readonly Gen<ScriptStep> Step =
        from text in Text
        from calls in (from tool in Gen.Elements("Look", "Look", "Count", "Break") from what in Gen.Elements(Words) select (tool, what)).ListOf()
        from fails in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new ScriptStep(text, [.. calls.Take(3)], fails);

    private static readonly Gen<ScriptTurn> Turn =
        from user in Gen.Elements("Mend it.", "Mend it.", "And now?", "It is 2026-02-02T10:00:00Z.", "")
        from streams in Gen.Elements(true, false)
        from steps in Step.ListOf()
        from last in Text
        select new ScriptTurn(user, streams, [.. steps.Take(4), new ScriptStep(last, [], false)]);

    [Fact]
    public void A_run_that_is_played_from_its_recording_is_the_same_run()
    {
        Prop.ForAll(Turn.ListOf().Resize(6).ToArbitrary(), turns => Check(turns.ToList()).GetAwaiter().GetResult()).ShouldHold(25);
    }

    [Fact]
    public async Task A_packed_recording_is_played_too()
    {
        using var first = new RecordedHere();
        ScriptTurn[] turns = [new("Mend it.", Streams: true, [new("Let me look.", [("Look", "pump"), ("Break", "valve")], Fails: false), new("", [], Fails: true), new("", [("Count", "beds")], Fails: false), new("Done.", [], Fails: false)])];
        await RunAsync(turns);
        var bundle = first.Bundle();
        var packed = Path.Join(Path.GetDirectoryName(bundle), "run.rollout");
        BundlePacker.Pack(bundle, packed);

        using var run = RecordedRun.Open(packed);
        using var second = new RecordedHere();
        using var client = new ReplayChatClient(run);
        var agent = new AgentLoop(client, Now);
        await agent.RunAsync(turns);
        RolloutComparison.Of("A", run.Rollout, "B", OpenRollout.Open(BundleReader.Open(second.Bundle()))).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_new_recording_says_what_it_was_played_from_and_diff_says_where_it_left()
    {
        ScriptTurn[] turns =
        [
            new("Mend it.", Streams: false, [new("Let me look.", [("Look", "pump")], Fails: false), new("Done.", [], Fails: false)]),
            new("And now?", Streams: false, [new("Rest.", [], Fails: false)]),
        ];
        using var first = new RecordedHere();
        await RunAsync(turns);
        using var run = RecordedRun.Open(first.Bundle());

        using var second = new RecordedHere();
        using var recorded = new ReplayChatClient(run);
        using var live = new ScriptedClient([new ScriptStep("Paint it.", [], Fails: false)]);
        using var client = recorded.ThenLive(live, "#3");
        await new AgentLoop(client, Now).RunAsync(turns, run.Origin);
        var again = OpenRollout.Open(BundleReader.Open(second.Bundle()));

        again.Bundle!.Manifest.ReplayedFrom.ShouldBe(new ReplayOrigin { TraceId = run.Rollout.Graph.TraceId, RolloutId = run.Rollout.Graph.RolloutId });
        run.Rollout.Bundle!.Manifest.ReplayedFrom.ShouldBeNull();
        var difference = RolloutComparison.Of("A", run.Rollout, "B", again).Differences.ShouldHaveSingleItem();
        (difference.Kind, difference.What, difference.A.Text, difference.B.Text).ShouldBe((DifferenceKind.Choice, DifferenceSubject.Text, "Rest.", "Paint it."));
    }

    [Fact]
    public async Task Functions_give_what_they_gave_and_do_nothing()
    {
        ScriptTurn[] turns = [new("Mend it.", Streams: false, [new("", [("Look", "pump"), ("Look", "pump"), ("Count", "beds"), ("Break", "valve")], Fails: false), new("Done.", [], Fails: false)])];
        using var first = new RecordedHere();
        await RunAsync(turns);
        using var run = RecordedRun.Open(first.Bundle());

        using var second = new RecordedHere();
        using var client = new ReplayChatClient(run);
        var functions = new ReplayFunctions(run, new ReplayFunctionOptions { FailUnknown = true });
        var agent = new AgentLoop(client, Now) { Tools = functions.Wrap };
        await agent.RunAsync(turns);

        agent.Done.ShouldBeEmpty();
        RolloutComparison.Of("A", run.Rollout, "B", OpenRollout.Open(BundleReader.Open(second.Bundle()))).Differences.ShouldBeEmpty();
    }

    private static async Task Check(List<ScriptTurn> turns)
    {
        turns.Add(new ScriptTurn("Enough.", Streams: true, [new ScriptStep("Yes.", [], Fails: false)]));
        using var first = new RecordedHere();
        await RunAsync(turns);
        using var run = RecordedRun.Open(first.Bundle());

        using var second = new RecordedHere();
        using var client = new ReplayChatClient(run);
        await new AgentLoop(client, Now).RunAsync(turns, run.Origin);
        var again = OpenRollout.Open(BundleReader.Open(second.Bundle()));

        var comparison = RolloutComparison.Of("A", run.Rollout, "B", again);
        comparison.GaveUp.ShouldBeNull();
        comparison.Differences.ShouldBeEmpty(string.Join('\n', turns));
        comparison.Outcome.A.Requests.ShouldBe(comparison.Outcome.B.Requests);
        comparison.Outcome.A.OutputTokens.ShouldBe(comparison.Outcome.B.OutputTokens);
    }

    // What the agent leaves of a turn is not asked for, and so is not in the script.
    private static async Task RunAsync(IReadOnlyList<ScriptTurn> turns)
    {
        using var model = new ScriptedClient(Asked(turns));
        await new AgentLoop(model, Then).RunAsync(turns);
    }

    private static IEnumerable<ScriptStep> Asked(IEnumerable<ScriptTurn> turns)
    {
        foreach (var turn in turns)
        {
            foreach (var step in turn.Steps)
            {
                yield return step;
                if (turn.Streams && (step.Text.Contains(ScriptStep.Leave, StringComparison.Ordinal) || step.Text.Contains(ScriptStep.Cancel, StringComparison.Ordinal)))
                {
                    break;
                }

                if (step is { Fails: false, Calls: [] })
                {
                    break;
                }
            }
        }
    }
}
