using System.Globalization;
using RolloutTrace.Benchmarks.Reducing;
using RolloutTrace.Benchmarks.Recording;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>Packed rollouts: how small, how fast to make and to read, and what recording into them costs.</summary>
internal static class PackedRows
{
    private const double Megabyte = 1 << 20;
    private const int Turns = 400;
    private const int LongTurns = 1000;

    /// <summary>A bundle packed and unpacked, against the tools of the machine, and read.</summary>
    public static IEnumerable<MacroRow> Files(BundleStore bundles)
    {
        var tool = Programs.CommandLineTool;
        var bundle = bundles.Get(Turns);
        using var scratch = new ScratchDirectory();
        var packed = Path.Join(scratch.FullName, "bundle" + PackedFormat.Extension);
        ChildProcess.Milliseconds(tool, "pack", bundle, "-o", packed);
        yield return Ratio($"bytes of a packed bundle, {Turns} turns", ">= 100 x smaller", 100, Bytes(bundle), new FileInfo(packed).Length);

        var (parent, name) = (Path.GetDirectoryName(bundle)!, Path.GetFileName(bundle));
        yield return Against(
            "pack, whole process, against tar | zstd --long=27",
            Next(scratch, path => ChildProcess.Milliseconds(tool, "pack", bundle, "-o", path + PackedFormat.Extension)),
            Next(scratch, path => Shell($"tar -C '{parent}' -cf - '{name}' | zstd -q --long=27 -T1 -o '{path}.tar.zst'")));
        yield return Against(
            "unpack, whole process, against zstd -d | tar -x",
            Next(scratch, path => ChildProcess.Milliseconds(tool, "unpack", packed, "-o", path)),
            Next(scratch, path => Shell($"mkdir '{path}' && zstd -q -dc '{packed}' | tar -C '{path}' -xf -")));
        yield return Against(
            "reduce --summary, packed against plain",
            () => ChildProcess.Milliseconds(tool, "reduce", "--summary", packed),
            () => ChildProcess.Milliseconds(tool, "reduce", "--summary", bundle));
        yield return Against(
            "inspect, packed against plain",
            () => ChildProcess.Milliseconds(tool, "inspect", packed),
            () => ChildProcess.Milliseconds(tool, "inspect", bundle));
        yield return MacroRow.Information(
            "peak memory of reduce --summary, packed against plain",
            PairedRatio.Of(
                3,
                () => ChildProcess.PeakBytes(tool, "reduce", "--summary", packed) / Megabyte,
                () => ChildProcess.PeakBytes(tool, "reduce", "--summary", bundle) / Megabyte),
            "MB resident");
    }

    /// <summary>The same conversation recorded plain and packed.</summary>
    public static IEnumerable<MacroRow> Recording()
    {
        // The runtime compiles what runs often a second and a third time, better, in the background.
        for (var i = 0; i < 4; i++)
        {
            Conversation(new PackedStorage(), 150);
            Conversation(BundleStorage.Plain, 150);
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        }

        var plain = Conversation(BundleStorage.Plain, LongTurns);
        var packed = Conversation(new PackedStorage(), LongTurns);
        yield return Ratio($"bytes on disk while recording, {LongTurns} turns", ">= 50 x smaller", 50, plain.While.Bytes, packed.While.Bytes, $", in {packed.While.Files} files against {plain.While.Files}");
        yield return Ratio($"bytes on disk at the end, {LongTurns} turns", ">= 50 x smaller", 50, plain.After.Bytes, packed.After.Bytes, $"; packing at the end took {packed.End:F0} ms");
        yield return new MacroRow
        {
            Measure = $"sustained rate of recording, {LongTurns} turns, packed",
            Goal = ">= 5 x plain",
            Found = $"{plain.Milliseconds / packed.Milliseconds:F2} x",
            Reached = plain.Milliseconds / packed.Milliseconds >= 5,
            Basis = string.Create(CultureInfo.InvariantCulture, $"{plain.Requests / Megabyte:N0} MB of requests, {packed.Milliseconds:N0} against {plain.Milliseconds:N0} ms until all was on disk, one run of each"),
        };
        yield return MacroRow.AtMost(
            1.25,
            "caller's 99th percentile, packed",
            "<= 1.25 x recording plain",
            PairedRatio.Of(5, () => Percentile99(new PackedStorage()), () => Percentile99(BundleStorage.Plain)),
            "ns for requests of 130 KB on average, the queue has room");
    }

    private static (double Milliseconds, long Requests, (long Bytes, int Files) While, (long Bytes, int Files) After, double End) Conversation(BundleStorage storage, int turns)
    {
        using var scratch = new ScratchDirectory();
        using var conversation = new LongConversation(scratch.FullName, storage);
        var milliseconds = conversation.Record(turns);
        var during = conversation.OnDisk();
        var end = conversation.End();
        return (milliseconds, conversation.RequestBytes, during, conversation.OnDisk(), end);
    }

    private static double Percentile99(BundleStorage storage)
    {
        using var scratch = new ScratchDirectory();
        using var conversation = new LongConversation(scratch.FullName, storage);
        conversation.Record(20);
        return conversation.Percentile99(1000);
    }

    private static MacroRow Ratio(string measure, string goal, double least, long plain, long packed, string more = "") => new()
    {
        Measure = measure,
        Goal = goal,
        Found = string.Create(CultureInfo.InvariantCulture, $"{plain / (double)packed:F0} x"),
        Reached = plain / (double)packed >= least,
        Basis = string.Create(CultureInfo.InvariantCulture, $"{packed / Megabyte:F2} of {plain / Megabyte:F1} MB{more}"),
    };

    private static MacroRow Against(string measure, Func<double> measured, Func<double> baseline) => MacroRow.Information(measure, PairedRatio.Of(3, measured, baseline), "ms, 400 turns");

    // Each time another path, where nothing is.
    private static Func<double> Next(ScratchDirectory scratch, Func<string, double> work) => () => work(Path.Join(scratch.FullName, Guid.NewGuid().ToString("N")));

    private static double Shell(string command) => ChildProcess.Milliseconds("/bin/sh", "-c", command);

    private static long Bytes(string bundle) => new DirectoryInfo(bundle).GetFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length);
}
