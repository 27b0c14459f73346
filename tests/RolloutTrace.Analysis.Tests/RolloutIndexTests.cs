using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutIndexTests
{
    private const string Asked = """{"type":"message","role":"user","content":[{"type":"input_text","text":"do it"}]}""";

    [Fact]
    public void InputOf_TurnWhoseFirstRequestRepeatsWhatWasSaid_IsTheLastThingThatAPersonSaid()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Input(Asked))
            .Append(new Bundle.CodexTurnStartedEvent { CodexTurnId = "turn-2", ThreadId = TestBundle.Root }, turn: "turn-2")
            .Request("i2", Input([Asked, .. Answers(300)]), turn: "turn-2")
            .Append(new Bundle.CodexTurnStartedEvent { CodexTurnId = "turn-3", ThreadId = TestBundle.Root }, turn: "turn-3")
            .Request("i3", Input(Answers(2)), turn: "turn-3");
        var graph = bundle.Reduce(strict: true).Graph;
        var index = new RolloutIndex(graph);

        index.InputOf(graph.CodexTurns["turn-1"])!.ItemId.ShouldBe("conversation_item:1");
        index.InputOf(graph.CodexTurns["turn-2"])!.ItemId.ShouldBe("conversation_item:1");
        index.InputOf(graph.CodexTurns["turn-3"]).ShouldBeNull("its history begins anew, and nobody speaks in it");
    }

    [Fact]
    public void InputOf_TurnWithoutRequest_IsNotKnown()
    {
        using var bundle = new TestBundle().WithTurn();
        var graph = bundle.Reduce().Graph;

        new RolloutIndex(graph).InputOf(graph.CodexTurns[TestBundle.Turn]).ShouldBeNull();
    }

    [Theory]
    [InlineData("water it", "<system-reminder>\nuse the list\n</system-reminder>", "water it")]
    [InlineData("<environment_context>/home</environment_context>", "<system-reminder>use the list</system-reminder>", "<system-reminder>use the list</system-reminder>")]
    [InlineData("<environment_context>/home</environment_context>", "<div>what is this?</div>", "<div>what is this?</div>")]
    [InlineData("hello", "<system-reminder>use the list</system-reminder> and water it", "<system-reminder>use the list</system-reminder> and water it")]
    [InlineData("hello", "water it <my-tag>", "water it <my-tag>")]
    [InlineData("hello", "<a-b", "<a-b")]
    public void InputOf_TurnThatHasNotesOfTheHarness_IsWhatThePersonSaidLast(string first, string second, string expected)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(Said(first), Answers(1)[0], Said(first), Said(second)));
        var graph = bundle.Reduce(strict: true).Graph;

        ItemText.Of(new RolloutIndex(graph).InputOf(graph.CodexTurns[TestBundle.Turn])!).ShouldBe(expected);
    }

    [Fact]
    public void InputOf_TurnThatHasNotesAlone_IsTheLastOfThem_AndNotWhatWasAnswered()
    {
        const string Note = "<system-reminder>use the list</system-reminder>";
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(Said("hello"), Answers(1)[0], Said(Note)));
        var graph = bundle.Reduce(strict: true).Graph;

        ItemText.Of(new RolloutIndex(graph).InputOf(graph.CodexTurns[TestBundle.Turn])!).ShouldBe(Note);
    }

    private static string Said(string text) => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text.Replace("\n", "\\n", StringComparison.Ordinal)}}"}]}""";

    private static string[] Answers(int count) =>
        [.. Enumerable.Range(1, count).Select(static number => $$"""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"step {{number}}"}]}""")];

    private static string Input(params string[] items) => $$"""{"input":[{{string.Join(',', items)}}]}""";
}
