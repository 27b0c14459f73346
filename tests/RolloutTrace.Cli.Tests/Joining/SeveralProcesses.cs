using RolloutTrace.Bundle;

namespace RolloutTrace.Cli.Tests.Joining;

/// <summary>The bundles of a rollout over four processes, and of one that has nothing to do with it.</summary>
internal static class SeveralProcesses
{
    /// <summary>
    /// Three levels: <c>top</c> was killed and resumed, and has called <c>middle</c>, which it names by its span alone, in both; <c>middle</c> has called <c>below</c>, which was killed.
    /// <c>alone</c> is another rollout.
    /// </summary>
    public static IReadOnlyList<ProcessBundle> All() => [Top(), Again(), Middle(), Below(), Alone()];

    public static ProcessBundle Top() => new ProcessBundle("top")
        .Start(0)
        .Request(10, "r1", """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Ask."}]}]""", "call:c1")
        .ToolStart(20, "c1", ProcessBundle.Span('a', '1'))
        .ToolEnd(500, "c1", "from the middle");

    public static ProcessBundle Again() => new ProcessBundle("top", zero: 5_000, traceId: "recording-top-again", resumedFrom: "recording-top")
        .Start(0, "turn-2")
        .Request(10, "r2", """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Ask."}]},{"type":"function_call","call_id":"c1","name":"ask","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"from the middle"}]""", "done", "turn-2")
        .End(600, "turn-2");

    public static ProcessBundle Middle() => new ProcessBundle("middle", zero: 50, caller: new CallerReference { Otel = ProcessBundle.Span('a', '1') })
        .Start(0, nickname: "middle")
        .Request(10, "r1", """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Middle."}]}]""", "call:c1")
        .ToolStart(20, "c1")
        .ToolEnd(300, "c1", "nothing")
        .Request(310, "r2", """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Middle."}]}]""", "from the middle")
        .End(320);

    public static ProcessBundle Below() => new ProcessBundle("below", zero: 90, caller: new CallerReference { RolloutId = "middle", ThreadId = "middle", ToolCallId = "c1" })
        .Start(0, nickname: "below")
        .Request(10, "r1", """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Below."}]}]""", "hardly begun");

    public static ProcessBundle Alone() => new ProcessBundle("alone", zero: 100)
        .Start(0)
        .Request(10, "r1", """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Alone."}]}]""", "alone")
        .End(20);
}
