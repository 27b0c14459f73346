using System.Text.RegularExpressions;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Tests.Comparing;

/// <summary>
/// Where one run left another, and why. Each run is the same task: two turns, of three requests and of two. One thing differs, and all
/// that follows from it is counted with it. Each line is kind, what, name, source, the places in A and B, and what follows.
/// </summary>
public sealed class RolloutComparisonTests
{
    private static readonly Action<RunStory> Nothing = static _ => { };

    [Fact]
    public void Runs_of_which_only_the_ids_differ_are_alike() => Differences(Original(), Task()).ShouldBeEmpty();

    [Fact]
    public void Other_instructions_are_one_difference_at_the_first_request() =>
        Differences(Original(), Task(begin: static run => run.Instructions = "You are a bold agent."))
            .ShouldBe(["input instructions A:a-i1 'You are an agent.' B:b-i1 'You are a bold agent.' +4"]);

    [Fact]
    public void Instructions_that_change_in_the_middle_differ_from_there_on() =>
        Differences(Original(), Task(between: static run => run.Instructions = "Stop."))
            .ShouldBe(["input instructions A:a-i4 'You are an agent.' B:b-i4 'Stop.' +1"]);

    [Fact]
    public void A_tool_of_another_description_is_named() =>
        Differences(Original(), Task(begin: static run => run.Tools[1] = """{"type":"function","name":"search","description":"Finds."}"""))
            .ShouldHaveSingleItem().ShouldStartWith("input tools search A:a-i1 ");

    [Fact]
    public void A_tool_that_only_one_run_has_is_named() =>
        Differences(Original(), Task(begin: static run => run.Tools.RemoveAt(1)))
            .ShouldBe(["""input tools search A:a-i1 '{"type":"function","name":"search","description":"Searches."}' B:b-i1 - +4"""]);

    [Fact]
    public void A_parameter_of_another_value_is_named() =>
        Differences(Original(), Task(begin: static run => run.Parameters = "\"temperature\":1"))
            .ShouldBe(["input parameters temperature A:a-i1 '0' B:b-i1 '1' +4"]);

    [Fact]
    public void What_the_user_says_is_the_users() =>
        Differences(Original(), Task(second: "Now forget it."))
            .ShouldBe(["input item user A:a-i4 'Now document it.' B:b-i4 'Now forget it.' +1"]);

    [Fact]
    public void What_the_user_says_is_never_a_consequence() =>
        Differences(Original(), Task(first: "Fix the build.", second: "Now forget it."))
            .ShouldBe(["input item user A:a-i1 'Fix the test.' B:b-i1 'Fix the build.' +2", "input item user A:a-i4 'Now document it.' B:b-i4 'Now forget it.' +1"]);

    [Fact]
    public void Another_answer_to_the_same_call_is_the_world() =>
        Differences(Original(), Task(output: "class B"))
            .ShouldBe(["input item read tool_output A:a-i2 'class A' B:b-i2 'class B' +3"]);

    [Fact]
    public void The_world_that_answers_otherwise_after_another_answer_is_a_cause_of_its_own() =>
        Differences(Original(), Task(output: "class B", hits: "3 hits"))
            .ShouldBe(["input item read tool_output A:a-i2 'class A' B:b-i2 'class B' +0", "input item search tool_output A:a-i3 '2 hits' B:b-i3 '3 hits' +2"]);

    [Fact]
    public void Other_arguments_after_the_same_input_are_a_choice_and_what_they_led_to_follows() =>
        Differences(Original(), Task(query: """{"q":"B"}""", hits: "no hits"))
            .ShouldBe(["""choice arguments search A:a-i2 'search {"q":"A"}' B:b-i2 'search {"q":"B"}' +3"""]);

    [Fact]
    public void Another_tool_after_the_same_input_is_a_choice() =>
        Differences(Original(), Task(tool: "search"))
            .ShouldBe(["""choice tool search A:a-i1 'read {"path":"a.cs"}' B:b-i1 'search {"path":"a.cs"}' +4"""]);

    [Fact]
    public void Other_words_at_the_end_have_no_consequence() =>
        Differences(Original(), Task(last: "It is documented."))
            .ShouldBe(["choice text A:a-i5 'Documented.' B:b-i5 'It is documented.' +0"]);

    [Fact]
    public void A_long_argument_that_differs_behind_what_the_state_keeps_is_seen()
    {
        var (of, or) = (new string('x', 300) + "1", new string('x', 300) + "2");

        Differences(Task("a", query: $$"""{"q":"{{of}}"}"""), Task(query: $$"""{"q":"{{or}}"}""")).ShouldHaveSingleItem().ShouldStartWith("choice arguments search ");
    }

    [Fact]
    public void A_step_that_one_run_has_more_is_a_choice_and_moves_nothing_else() =>
        Differences(Original(), Task(middle: static run => run.Calls("search", """{"q":"more"}""", "1 hit")))
            .ShouldBe(["""choice arguments search A:a-i2 'search {"q":"A"}' B:b-i2 'search {"q":"more"}' +4"""]);

    [Fact]
    public void A_turn_that_one_run_has_more_is_what_the_user_said_and_moves_nothing_else() =>
        Differences(Original(), Task(between: static run => run.User("Thank you.").Says("You are welcome.")))
            .ShouldBe(["input item user A:a-i4 - B:b-i4 'Thank you.' +3"]);

    [Fact]
    public void A_turn_at_the_end_that_one_run_has_more_has_no_place_in_the_other() =>
        Differences(Original(), Task(end: static run => run.User("Thank you.").Says("You are welcome.")))
            .ShouldBe(["input item user A:- - B:b-i6 'Thank you.' +1"]);

    [Fact]
    public void A_failed_attempt_that_one_run_has_more_moves_nothing_else() =>
        Differences(Original(), Task(middle: static run => run.Fails("overloaded")))
            .ShouldBe(["attempt failed A:a-i2 - B:b-i2 'failed: overloaded' +0"]);

    [Fact]
    public void A_request_that_failed_for_good_is_an_attempt()
    {
        var b = new RunStory("b").User("Fix the test.").Calls("read", """{"path":"a.cs"}""", "class A").Fails("no credit").Ends(RolloutStatus.Failed);

        Differences(Original(), b)[0].ShouldBe("attempt failed A:a-i2 'completed' B:b-i2 'failed: no credit' +2");
    }

    [Fact]
    public void A_compaction_that_one_run_has_is_the_input_of_the_request_after_it() =>
        Differences(Original(), Task(between: static run => run.Compacts("What was done: A was fixed.")))
            .ShouldBe(["input item compaction A:a-i4 - B:b-i4 'What was done: A was fixed.' +1"]);

    [Fact]
    public void What_follows_a_compaction_that_makes_both_alike_again_is_judged_afresh() =>
        Differences(
            Task("a", between: static run => run.Compacts("All was fixed.")),
            Task(hits: "9 hits", last: "It is documented.", between: static run => run.Compacts("All was fixed.")))
            .ShouldBe(["input item search tool_output A:a-i3 '2 hits' B:b-i3 '9 hits' +0", "choice text A:a-i5 'Documented.' B:b-i5 'It is documented.' +0"]);

    [Fact]
    public void What_the_harness_puts_in_is_the_harness() =>
        Differences(Task("a", middle: static run => run.Message("developer", "Be quick.")), Task(middle: static run => run.Message("developer", "Be slow.")))
            .ShouldBe(["input item harness A:a-i2 'Be quick.' B:b-i2 'Be slow.' +3"]);

    [Fact]
    public void What_the_model_is_said_to_have_said_is_the_models() =>
        Differences(Original(), Task(between: static run => run.Edits(5, "assistant", "Never.")))
            .ShouldHaveSingleItem().ShouldStartWith("input item model A:a-i4 'Done.' B:b-i4 'Never.' ");

    [Fact]
    public void Runs_of_like_requests_that_ended_otherwise_have_another_outcome() =>
        Differences(Original().Ends(), Task().Ends(RolloutStatus.Failed))
            .ShouldBe(["outcome status A:- 'completed' B:- 'failed' +0"]);

    [Fact]
    public void What_is_never_the_same_is_counted_and_no_difference()
    {
        using var a = Task("a", output: "Took 1.32s. 2026-02-01T10:00:00Z /tmp/tmp.aB3xZ9kQ12/log http://127.0.0.1:40001/ 0b5c7a3e-1f7e-4a0a-9d53-0d3f6f1f2a11 1770000000");
        using var b = Task(output: "Took 41 ms. 2026-02-02 11:30:01 /tmp/tmp.Zk8QpL2mWx/log http://127.0.0.1:51234/ 7f0c1d2e-1f7e-4a0a-9d53-0d3f6f1f2a99 1770000007");
        var comparison = RolloutComparison.Of("A", a.Open(), "B", b.Open());

        comparison.Differences.ShouldBeEmpty();
        comparison.Volatile.ShouldBe([new("id", 7), new("time", 2), new("duration", 1), new("temporary_name", 1), new("port", 1)]);
    }

    [Theory]
    [InlineData("exit code 0", "exit code 1")]
    [InlineData("2 hits", "3 hits")]
    [InlineData("version 1.2.3", "version 1.2.4")]
    [InlineData("12 kB", "13 kB")]
    [InlineData("sha256 d2a84f4b8b650937ec8f73cd8be2c74a", "sha256 9b74c9897bac770ffc029102a200c5de")]
    [InlineData("2026-02-01", "2026-02-02")]
    [InlineData("port 40001", "port 40002")]
    [InlineData("http://127.0.0.1:8080/", "http://127.0.0.1:8081/")]
    [InlineData("http://example.org:40001/", "http://example.org:40002/")]
    [InlineData("/tmp/report/log", "/tmp/result/log")]
    [InlineData("/tmp/MyReports/log", "/tmp/MyResults/log")]
    [InlineData("1500000000", "1500000007")]
    [InlineData("3d model", "2d model")]
    [InlineData("a  b", "a b")]
    public void All_else_is_a_difference(string ofA, string ofB) =>
        Differences(Task("a", output: ofA), Task(output: ofB)).ShouldHaveSingleItem().ShouldStartWith("input item read tool_output ");

    [Theory]
    [InlineData("Wall time: 0.4 seconds", "Wall time: 12 seconds")]
    [InlineData("2m13s", "59s")]
    [InlineData("""{"duration_ms":41}""", """{"duration_ms":1322}""")]
    [InlineData("/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/a", "/var/folders/zz/qwp01xvq6csfxvn_n0000000000aaa/T/a")]
    [InlineData("localhost:33000", "localhost:65000")]
    [InlineData("20260201T100000Z", "20260201T100001Z")]
    [InlineData("1770000000123", "1770000000456")]
    [InlineData("see aturn-x", "see aturn-x")]
    public void Volatile_texts_are_no_difference(string ofA, string ofB) => Differences(Task("a", output: ofA), Task(output: ofB)).ShouldBeEmpty();

    [Fact]
    public void An_id_of_the_run_in_a_text_is_no_difference() => Differences(Task("a", output: "see acall001 again"), Task(output: "see bcall001 again")).ShouldBeEmpty();

    [Fact]
    public void What_the_user_calls_volatile_is_no_difference()
    {
        using var a = Task("a", output: "build-17 of class A");
        using var b = Task(output: "build-18 of class A");
        var comparison = RolloutComparison.Of("A", a.Open(), "B", b.Open(), new ComparisonOptions { Volatile = [new Regex("build-[0-9]+", RegexOptions.NonBacktracking)] });

        comparison.Differences.ShouldBeEmpty();
        comparison.Volatile.ShouldContain(new VolatileCount("build-[0-9]+", 1));
    }

    [Fact]
    public void The_outcome_is_what_each_run_came_to()
    {
        using var a = Original().Ends();
        using var b = Task(last: "It is documented.").Ends();
        var outcome = RolloutComparison.Of("A", a.Open(), "B", b.Open()).Outcome;

        outcome.A.ShouldBeEquivalentTo(outcome.B with { LastMessage = "Documented." });
        outcome.B.LastMessage.ShouldBe("It is documented.");
        (outcome.B.Requests, outcome.B.Status, outcome.B.Cost).ShouldBe((5, RolloutStanding.Completed, null));
    }

    [Fact]
    public void Of_several_runs_each_branch_is_a_way_that_some_went()
    {
        using var origin = Task();
        List<RunStory> runs =
        [
            Task("c", query: """{"q":"B"}""", hits: "no hits"),
            Task("d", last: "It is documented."),
            Task("e", query: """{"q":"B"}""", hits: "no hits", last: "So it is."),
            Task("f"),
            Task("g", query: """{"q":"B"}""", hits: "no hits"),
        ];
        var comparison = RunsComparison.Of("base", origin.Open(), [.. runs.Select(static (run, i) => ($"run{i}", run.Open()))]);
        runs.ForEach(static run => run.Dispose());

        Lines(comparison.Tree).ShouldBe(
        [
            "5: run0 run1 run2 run3 run4",
            "  3: run0 run2 run4 choice arguments",
            "    1: run2 choice text",
            "  1: run1 choice text",
        ]);
    }

    private static IEnumerable<string> Lines(ChoiceNode node, string margin = "") =>
    [
        $"{margin}{node.Count}: {string.Join(' ', node.Runs)}{(node.Difference is { } difference ? $" {Word(difference.Kind)} {Word(difference.What)}" : "")}",
        .. node.Branches.SelectMany(branch => Lines(branch, margin + "  ")),
    ];

    private static RunStory Task(
        string prefix = "b",
        string first = "Fix the test.",
        string tool = "read",
        string output = "class A",
        string query = """{"q":"A"}""",
        string hits = "2 hits",
        string second = "Now document it.",
        string last = "Documented.",
        Action<RunStory>? begin = null,
        Action<RunStory>? middle = null,
        Action<RunStory>? between = null,
        Action<RunStory>? end = null)
    {
        var run = new RunStory(prefix);
        (begin ?? Nothing)(run);
        run.User(first).Calls(tool, """{"path":"a.cs"}""", output);
        (middle ?? Nothing)(run);
        run.Calls("search", query, hits).Says("Done.");
        (between ?? Nothing)(run);
        run.User(second).Calls("read", """{"path":"b.md"}""", "# B").Says(last);
        (end ?? Nothing)(run);
        return run;
    }

    private static RunStory Original() => Task("a");

    private static List<string> Differences(RunStory a, RunStory b)
    {
        using (a)
        using (b)
        {
            var comparison = RolloutComparison.Of("A", a.Open(), "B", b.Open());
            comparison.GaveUp.ShouldBeNull();
            return [.. comparison.Differences.Select(Line)];
        }
    }

    private static string Line(RolloutDifference difference) =>
        $"{Word(difference.Kind)} {Word(difference.What)}{(difference.Name is null ? "" : $" {difference.Name}")}{(difference.Source is { } source ? $" {Word(source)}" : "")} A:{Place(difference.A)} B:{Place(difference.B)} +{difference.Consequences}";

    private static string Place(DifferencePlace place) => $"{place.Request ?? "-"} {(place.Text is null ? "-" : $"'{place.Text}'")}";

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
