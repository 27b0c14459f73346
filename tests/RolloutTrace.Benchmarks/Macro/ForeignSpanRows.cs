using RolloutTrace.Benchmarks.Recording;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>What the one line costs those whose spans are looked at.</summary>
internal static class ForeignSpanRows
{
    private const int MessageBytes = 16 << 10;
    private const int Slices = 40;

    public static IEnumerable<MacroRow> CallersTime()
    {
        // The runtime compiles what runs often a second and a third time, better, in the background.
        for (var i = 0; i < 3; i++)
        {
            Chat(ForeignSpans.Recorded(MessageBytes));
            Order(ForeignSpans.Recorded(MessageBytes));
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        }

        yield return MacroRow.AtMost(
            1.5,
            "caller's time, a chat client's span with 16 KB of messages",
            "<= 1.5 x the same span without the recorder",
            PairedRatio.Of(9, () => Chat(ForeignSpans.Recorded(MessageBytes)), () => Chat(ForeignSpans.SpansOnly(MessageBytes))),
            "ns");
        yield return MacroRow.AtMost(
            1.1,
            "caller's time, a span that has nothing to do with models",
            "nothing measurable (<= 1.1 x)",
            PairedRatio.Of(9, () => Order(ForeignSpans.Recorded(MessageBytes)), () => Order(ForeignSpans.SpansOnly(MessageBytes))),
            "ns");
    }

    private static double Chat(ForeignSpans spans) => Measured(spans.InAgent(), inSlice: 10, spans.Chat);

    private static double Order(ForeignSpans spans) => Measured(spans, inSlice: 500, spans.Order);

    private static double Measured(ForeignSpans spans, int inSlice, Action operation)
    {
        using (spans)
        {
            for (var i = 0; i < Slices * inSlice / 10; i++)
            {
                operation();
            }

            spans.Flush();
            return Cost.NanosecondsInSlices(Slices, inSlice, operation);
        }
    }
}
