using System.Diagnostics;
using System.Globalization;
using RolloutTrace.Benchmarks.Recording;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>Recording, as the code that is recorded meets it, and how fast everything gets to disk.</summary>
internal static class RecordingRows
{
    private const int Threads = 4;
    private const int Samples = 2000;
    private const int SamplesBetweenWaits = 100;

    public static IEnumerable<MacroRow> NobodyListens()
    {
        const int Times = 200_000;

        // The runtime compiles what runs often again, better, in the background; a loop that is called a few times only stays
        // with what was made in a hurry.
        for (var i = 0; i < 3; i++)
        {
            Repeat(100, () =>
            {
                UnheardBoundaries.PlainSpans(100);
                foreach (var boundary in UnheardBoundaries.All)
                {
                    boundary.Run(100);
                }
            });
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        }

        var ratios = UnheardBoundaries.All
            .Select(b => (b.Name, Ratio: PairedRatio.Of(7, () => Cost.Nanoseconds(Times, () => b.Run(Times)), () => Cost.Nanoseconds(Times, () => UnheardBoundaries.PlainSpans(Times)))))
            .ToArray();
        var worst = ratios.MaxBy(r => r.Ratio.Ratio);
        var row = MacroRow.AtMost(
            2.0,
            "nobody listens: start and end of any boundary",
            "<= 2 x StartActivity with no listener",
            worst.Ratio,
            "ns");
        yield return row with { Basis = $"worst of {ratios.Length} boundaries: {worst.Name}, {row.Basis}" };

        var allocated = UnheardBoundaries.All.Sum(b => Allocated(() => b.Run(1000)));
        yield return new MacroRow
        {
            Measure = "nobody listens: allocation",
            Goal = "none",
            Found = $"{allocated} B",
            Reached = allocated == 0,
            Basis = $"1,000 of each of {ratios.Length} boundaries",
        };

        static long Allocated(Action work)
        {
            work();
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    public static IEnumerable<MacroRow> CallersTime()
    {
        var small = new SamplePayload(1 << 10);

        // The runtime compiles what runs often a second and a third time, better, in the background.
        for (var i = 0; i < 4; i++)
        {
            Boundary(TracedTurn.Recorded(), small.Utf8, slices: 40, inSlice: 50);
            Boundary(TracedTurn.SpansOnly(), small.Utf8, slices: 40, inSlice: 50);
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        }

        yield return MacroRow.AtMost(
            1.5,
            "caller's time, 1 KB as UTF-8 bytes",
            "<= 1.5 x the same span without the recorder",
            PairedRatio.Of(
                9,
                () => Boundary(TracedTurn.Recorded(), small.Utf8, slices: 40, inSlice: 50),
                () => Boundary(TracedTurn.SpansOnly(), small.Utf8, slices: 40, inSlice: 50)),
            "ns");

        var large = new SamplePayload(256 << 10);
        using var baselines = new RecordingBaselines();
        yield return MacroRow.AtMost(
            1.3,
            "caller's time, 256 KB as an object",
            "<= 1.3 x System.Text.Json to a pooled buffer",
            PairedRatio.Of(
                9,
                () => Boundary(TracedTurn.Recorded(), JsonPayload.From(large.Request, SampleJsonContext.Default.SampleRequest), slices: 40, inSlice: 1),
                () => Cost.NanosecondsInSlices(slices: 40, operationsInSlice: 1, () => baselines.Serialize(large))),
            "ns");
    }

    public static IEnumerable<MacroRow> WhatSpansSay()
    {
        using var baselines = new RecordingBaselines();
        byte[] small = new SamplePayload(1 << 10).Utf8;
        for (var i = 0; i < 4; i++)
        {
            Boundary(TracedTurn.SpansOnly(), small, slices: 40, inSlice: 50);
            Boundary(TracedTurn.SpansOnly(withContent: true), small, slices: 40, inSlice: 50);
            Repeat(2000, baselines.AttributedActivity);
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        }

        foreach (var kilobytes in new[] { 1, 16, 256 })
        {
            byte[] request = new SamplePayload(kilobytes << 10).Utf8;
            var inSlice = kilobytes == 256 ? 1 : 20;
            foreach (var withContent in new[] { false, true })
            {
                yield return MacroRow.Information(
                    $"span of a request of {kilobytes} KB, {(withContent ? "with content" : "without content")}",
                    PairedRatio.Of(
                        9,
                        () => Boundary(TracedTurn.SpansOnly(withContent), request, slices: 40, inSlice),
                        () => Cost.NanosecondsInSlices(slices: 40, operationsInSlice: 50, baselines.AttributedActivity)),
                    "ns, without the recorder, against a bare span with as many attributes");
            }
        }

        byte[] recorded = new SamplePayload(16 << 10).Utf8;
        yield return MacroRow.Information(
            "recorded request of 16 KB, with content",
            PairedRatio.Of(
                9,
                () => Boundary(TracedTurn.Recorded(withContent: true), recorded, slices: 40, inSlice: 10),
                () => Boundary(TracedTurn.Recorded(), recorded, slices: 40, inSlice: 10)),
            "ns, against the same without content");
    }

    public static IEnumerable<MacroRow> Allocation()
    {
        var payload = new SamplePayload(1 << 10);
        var spans = AllocatedPerBoundary(TracedTurn.SpansOnly(), payload.Utf8);
        var recorded = AllocatedPerBoundary(TracedTurn.Recorded(), payload.Utf8);
        var above = recorded.AllThreads - spans.AllThreads;
        yield return new MacroRow
        {
            Measure = "allocation per recorded boundary",
            Goal = "<= 1,024 B above the span itself",
            Found = $"{above:F0} B",
            Reached = above <= 1024,
            Basis = $"{recorded.AllThreads:F0} against {spans.AllThreads:F0} B, until it is on disk; of it {recorded.Caller - spans.Caller:F0} B on the caller's thread",
        };
    }

    public static IEnumerable<MacroRow> Sustained()
    {
        const int EachThread = 2000;
        var payload = new SamplePayload(1 << 10).Utf8;
        var lines = LinesOfOneBoundary(payload);
        yield return MacroRow.SpeedAtLeast(
            0.8,
            "sustained throughput to disk, 1 KB, 4 threads",
            ">= 80 % of a plain loop that writes the same files",
            PairedRatio.Of(
                5,
                () => ToDisk(payload, EachThread),
                () =>
                {
                    using var directory = new ScratchDirectory();
                    return Cost.Milliseconds(() => PlainFiles.Write(directory.FullName, payload, lines, Threads * EachThread));
                }),
            $"ms for {Threads * EachThread:N0} boundaries");

        var tail = PairedRatio.Of(3, () => RecordedPercentile99(payload, queued: 8000), () => RecordedPercentile99(payload, queued: 0));
        yield return MacroRow.AtMost(
            1.25,
            "caller's 99th percentile against the queue",
            "does not grow with the queue (<= 1.25 x)",
            tail,
            "ns, 8,000 boundaries queued and none");

        yield return MacroRow.AtMost(
            2.0,
            "caller's 99th percentile, 1 KB",
            "<= 2 x the same span without the recorder",
            PairedRatio.Of(9, () => RecordedPercentile99(payload, queued: 0), () => UnrecordedPercentile99(payload, lines)),
            "ns, both waiting for the same files after each 100");
    }

    private static double Boundary(TracedTurn traced, JsonPayload payload, int slices, int inSlice)
    {
        using (traced)
        {
            // What the recorder keeps for use again is there, and what the runtime compiles at first use is compiled.
            Repeat(slices * inSlice / 10, () => traced.Boundary(payload));
            traced.Flush();
            return Cost.NanosecondsInSlices(slices, inSlice, () => traced.Boundary(payload));
        }
    }

    private static (double AllThreads, double Caller) AllocatedPerBoundary(TracedTurn traced, byte[] payload)
    {
        const int Rounds = 20;
        const int Count = 100;
        using (traced)
        {
            Measure();
            return Measure();
        }

        (double AllThreads, double Caller) Measure()
        {
            var (all, caller) = (GC.GetTotalAllocatedBytes(precise: true), GC.GetAllocatedBytesForCurrentThread());
            Repeat(Rounds, () =>
            {
                Repeat(Count, () => traced.Boundary(payload));
                traced.Flush();
            });
            const double Boundaries = Rounds * Count;
            return ((GC.GetTotalAllocatedBytes(precise: true) - all) / Boundaries, (GC.GetAllocatedBytesForCurrentThread() - caller) / Boundaries);
        }
    }

    private static double ToDisk(byte[] payload, int eachThread)
    {
        using var traced = TracedTurn.Recorded();
        var milliseconds = Cost.Milliseconds(() =>
        {
            var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => Repeat(eachThread, () => traced.Boundary(payload)))).ToArray();
            Array.ForEach(threads, t => t.Start());
            Array.ForEach(threads, t => t.Join());
            traced.Flush();
        });
        traced.ThrowIfLost(Threads * eachThread);
        return milliseconds;
    }

    private static double RecordedPercentile99(byte[] payload, int queued)
    {
        using var traced = TracedTurn.Recorded();
        Repeat(SamplesBetweenWaits, () => traced.Boundary(payload));
        traced.Flush();
        Repeat(queued, () => traced.Boundary(payload));
        var percentile = Percentile99(traced, payload, wait: queued == 0 ? traced.Flush : static () => { });
        traced.Flush();
        traced.ThrowIfLost(SamplesBetweenWaits + queued + Samples);
        return percentile;
    }

    // A thread that has waited finds a cold core, and its next span costs ten times as much, with the recorder and without: so both
    // wait, and for the same: another thread that writes these files.
    private static double UnrecordedPercentile99(byte[] payload, byte[] lines)
    {
        using var traced = TracedTurn.SpansOnly();
        using var directory = new ScratchDirectory();
        var waits = 0;
        Repeat(SamplesBetweenWaits, () => traced.Boundary(payload));
        return Percentile99(traced, payload, () =>
        {
            var files = Directory.CreateDirectory(Path.Join(directory.FullName, (waits++).ToString(CultureInfo.InvariantCulture))).FullName;
            var writer = new Thread(() => PlainFiles.Write(files, payload, lines, SamplesBetweenWaits));
            writer.Start();
            writer.Join();
        });
    }

    private static double Percentile99(TracedTurn traced, byte[] payload, Action wait)
    {
        var ticks = new long[Samples];
        for (var i = 0; i < Samples; i++)
        {
            if (i % SamplesBetweenWaits == 0)
            {
                wait();
            }

            var start = Stopwatch.GetTimestamp();
            traced.Boundary(payload);
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(ticks);
        return ticks[Samples * 99 / 100] * (1e9 / Stopwatch.Frequency);
    }

    private static byte[] LinesOfOneBoundary(byte[] payload)
    {
        const int Count = 100;
        using var traced = TracedTurn.Recorded();
        Repeat(Count, () => traced.Boundary(payload));
        traced.Flush();
        var log = traced.ReadLog();
        return log[^(log.Length / Count)..];
    }

    private static void Repeat(int times, Action work)
    {
        for (var i = 0; i < times; i++)
        {
            work();
        }
    }
}
