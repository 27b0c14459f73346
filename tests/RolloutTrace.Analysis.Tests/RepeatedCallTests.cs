using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>The same call with the same result, three times in a turn, is a model that goes in circles.</summary>
public sealed class RepeatedCallTests
{
    private static readonly ToolCallKind Exec = ToolCallKind.Of(ToolCallKindType.ExecCommand);

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(7, 1)]
    public void Three_times_are_a_circle_and_one_finding(int times, int findings) =>
        Find([.. Enumerable.Repeat(("ls", "x"), times)]).Count.ShouldBe(findings);

    [Fact]
    public void The_finding_names_the_call_how_often_and_from_where_to_where() => Find([("ls", "x"), ("ls", "x"), ("ls", "x")])
        .ShouldBe(["""conversation_item:2: exec_command was called 3 times with the same result, from conversation_item:2 to conversation_item:6: {"cmd":"ls"} gave x [seq 5, seq 11]"""]);

    [Fact]
    public void Another_call_in_between_does_not_break_a_circle() =>
        Find([("ls", "x"), ("cat a", "a"), ("ls", "x"), ("cat a", "a"), ("ls", "x"), ("cat a", "a")]).Count.ShouldBe(2);

    [Fact]
    public void Another_result_in_between_does() => Find([("ls", "x"), ("ls", "x"), ("ls", "x y"), ("ls", "x")]).ShouldBeEmpty();

    [Fact]
    public void Another_input_is_another_call() => Find([("ls a", ""), ("ls b", ""), ("ls c", "")]).ShouldBeEmpty();

    [Fact]
    public void A_new_turn_asks_anew()
    {
        using var bundle = new TestBundle().WithTurn();
        var history = "";
        for (var i = 1; i <= 4; i++)
        {
            var turn = $"t{i}";
            bundle.Append(new CodexTurnStartedEvent { CodexTurnId = turn, ThreadId = TestBundle.Root });
            history = Step(bundle, i, turn, history, "ls", "x", Exec);
        }

        bundle.Request("end", $$"""{"input":[{{history}}]}""");

        Find(bundle).ShouldBeEmpty();
    }

    [Fact]
    public void To_wait_again_is_no_circle() => Find([("", ""), ("", ""), ("", ""), ("", "")], ToolCallKind.Of(ToolCallKindType.WriteStdin)).ShouldBeEmpty();

    [Fact]
    public void The_same_input_of_another_tool_is_another_call()
    {
        using var bundle = new TestBundle().WithTurn();
        var history = "";
        foreach (var (i, tool) in new[] { "a", "b", "c" }.Index())
        {
            history = Step(bundle, i + 1, TestBundle.Turn, history, "ls", "x", ToolCallKind.ForOther(tool));
        }

        bundle.Request("end", $$"""{"input":[{{history}}]}""");

        Find(bundle).ShouldBeEmpty();
    }

    private static List<string> Find((string Command, string Result)[] calls, ToolCallKind? kind = null)
    {
        using var bundle = new TestBundle().WithTurn();
        var history = """{"type":"message","role":"user","content":"go"},""";
        foreach (var (i, (command, result)) in calls.Index())
        {
            history = Step(bundle, i + 1, TestBundle.Turn, history, command, result, kind ?? Exec);
        }

        bundle.Request("end", $$"""{"input":[{{history.TrimEnd(',')}}]}""");
        return Find(bundle);
    }

    private static List<string> Find(TestBundle bundle) =>
    [
        .. RolloutAnomalies.Find(OpenRollout.Open(bundle.Open()))
            .Where(anomaly => anomaly.Code == AnomalyCodes.RepeatedCall)
            .Select(anomaly => $"{anomaly.Subject}: {anomaly.Message} [{string.Join(", ", anomaly.Evidence)}]"),
    ];

    // The history behind one more request, the call that its response asks for, and the call's result.
    private static string Step(TestBundle bundle, int number, string turn, string history, string command, string result, ToolCallKind kind)
    {
        var call = $$"""{"type":"function_call","call_id":"c{{number}}","name":"f","arguments":"{\"cmd\":\"{{command}}\"}"}""";
        bundle.Request($"i{number}", $$"""{"input":[{{history.TrimEnd(',')}}]}""", turn: turn);
        bundle.Respond($"i{number}", $$"""{"output_items":[{{call}}]}""");
        bundle.Append(
            new ToolCallStartedEvent { ToolCallId = $"t{number}", ModelVisibleCallId = $"c{number}", Requester = ToolRequester.Model, Kind = kind, Summary = new GenericSummary { Label = "f" } },
            turn: turn);
        return $$"""{{history}}{{call}},{"type":"function_call_output","call_id":"c{{number}}","output":"{{result}}"},""";
    }
}
