using RolloutTrace.GenAI;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Spans;

namespace RolloutTrace.Import.Tests.Spans;

public sealed class OwnSpanTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void What_is_put_aside_comes_back_as_it_was(long inMemory)
    {
        var spool = new LogSpool(inMemory);
        var (text, list) = ($"{new string('x', 300)}\ud83d\ud83c\udf31", $"[{new string(' ', 300)}\"é\"]");
        var own = new OwnSpan(
            new ForeignSpan
            {
                TraceId = TestSpan.Trace, SpanId = "0000000000000001", Start = DateTimeOffset.UnixEpoch,
                Attributes = [new("b", text), new("a", list), new("n", 5L), new("b", text + "2")],
            },
            spool);

        own.Text("b").ShouldBe(text + "2");
        own.Json("a", System.Text.Json.JsonValueKind.Array)!.Value[0].GetString().ShouldBe("é");
        own.Number("n").ShouldBe(5);
        own.Names.ShouldBe(["b", "a", "n"]);
        own.Span.Attributes.ShouldBeEmpty();
        spool.Close();
    }
}
