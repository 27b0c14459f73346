using System.Globalization;
using System.Text.Json;
using RolloutTrace.Benchmarks.Recording;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>All that packing costs and saves, of one bundle and of recording, in processor time: that of whole processes, whatever else the machine does.</summary>
internal static class PackedNumbers
{
    private const double Megabyte = 1 << 20;
    private const int Rounds = 3;
    private const int Turns = 1000;

    /// <summary>A bundle packed and unpacked, against the tools of the machine, and read plain and packed.</summary>
    public static IEnumerable<MacroRow> OfBundle(string name, string bundle)
    {
        var tool = Programs.CommandLineTool;
        using var scratch = new ScratchDirectory();
        string Next(string extension) => Path.Join(scratch.FullName, Guid.NewGuid().ToString("N") + extension);
        var packed = Next(PackedFormat.Extension);
        var tar = Next(".tar.zst");
        var (parent, directory) = (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(bundle))!, Path.GetFileName(Path.TrimEndingDirectorySeparator(bundle)));
        string Tar(string to) => $"tar -C '{parent}' --exclude=state.json --exclude=.overview.json -cf - '{directory}' | zstd -q --long=27 -T1 -o '{to}'";
        File.Delete(Path.Join(bundle, BundleLayout.StateFileName));
        ChildProcess.Milliseconds(tool, "pack", bundle, "-o", packed);
        ChildProcess.ProcessorMilliseconds(Tar(tar));
        var bytes = new DirectoryInfo(bundle).GetFiles("*", SearchOption.AllDirectories).Where(static file => file.Name != BundleLayout.OverviewFileName).Sum(static file => file.Length);
        yield return Told($"{name}: bytes", $"{bytes / (double)Length(packed):F0} : 1", $"{Megabytes(Length(packed))} of {Megabytes(bytes)} MB; tar and zstd --long=27 {Megabytes(Length(tar))}, {bytes / (double)Length(tar):F0} : 1");
        yield return Against($"{name}: pack, against tar and zstd --long=27", () => Processor($"'{tool}' pack '{bundle}' -o '{Next(PackedFormat.Extension)}'"), () => Processor(Tar(Next(".tar.zst"))));
        yield return Against(
            $"{name}: unpack, against zstd -d and tar -x",
            () => Processor($"'{tool}' unpack '{packed}' -o '{Next("")}'"),
            () => Processor($"zstd -q -dc '{tar}' | tar -C '{Directory.CreateDirectory(Next("")).FullName}' -xf -"));
        var id = SomeRequest(bundle);
        foreach (var (command, more) in new[] { ("reduce", "--summary"), ("explain", id), ("transcript", ""), ("list", "") })
        {
            yield return Against($"{name}: {command}, packed against plain", () => Processor($"'{tool}' {command} '{packed}' {more}"), () => Processor($"'{tool}' {command} '{bundle}' {more}"));
        }

        yield return Memory($"{name}: pack, unpack", Peak("pack", bundle, "-o", Next(PackedFormat.Extension)), Peak("unpack", packed, "-o", Next("")), "pack", "unpack");
        yield return Memory($"{name}: reduce", Peak("reduce", "--summary", packed), Peak("reduce", "--summary", bundle), "packed", "plain");
        yield return Memory($"{name}: explain", Peak("explain", packed, id), Peak("explain", bundle, id), "packed", "plain");

        double Peak(params string[] arguments) => ChildProcess.PeakBytes(tool, arguments) / Megabyte;
    }

    /// <summary>The same conversation recorded plain and packed, each in processes of its own.</summary>
    public static IEnumerable<MacroRow> OfRecording()
    {
        var rounds = Enumerable.Range(0, Rounds).Select(static _ => (Plain: Record("plain"), Packed: Record("packed"))).ToList();
        var (plain, packed) = rounds[^1];
        yield return Told($"recording {Turns} turns: bytes on disk meanwhile", $"1 : {plain.BytesOnDisk / (double)packed.BytesOnDisk:F0}", $"{Megabytes(packed.BytesOnDisk)} against {Megabytes(plain.BytesOnDisk)} MB, {packed.FilesOnDisk} against {plain.FilesOnDisk} files");
        yield return Told($"recording {Turns} turns: bytes at the end", $"1 : {plain.EndBytesOnDisk / (double)packed.EndBytesOnDisk:F0}", $"{Megabytes(packed.EndBytesOnDisk)} against {Megabytes(plain.EndBytesOnDisk)} MB");
        yield return Ratio($"recording {Turns} turns: sustained rate, packed against plain", static cost => 1 / cost.Milliseconds, static cost => $"{cost.RequestBytes / Megabyte / (cost.Milliseconds / 1000):N0} MB/s by the clock");
        yield return Ratio($"recording {Turns} turns: processor time", static cost => cost.UserMilliseconds + cost.SystemMilliseconds, static cost => $"{cost.UserMilliseconds:N0} + {cost.SystemMilliseconds:N0} ms of the system");
        yield return Ratio("recording: caller's 99th percentile where the queue has room", static cost => cost.P99Nanoseconds, static cost => $"{cost.P99Nanoseconds / 1000:N0} \u00B5s");
        yield return Ratio($"recording {Turns} turns: peak memory", static cost => cost.PeakBytes, static cost => $"{Megabytes(cost.PeakBytes)} MB");

        MacroRow Ratio(string measure, Func<ConversationCost, double> of, FormattableWords words) =>
            Told(measure, $"{PairedRatio.Median(rounds.Select(round => of(round.Packed) / of(round.Plain))):F2} x", $"{words(packed)} against {words(plain)}; median of {Rounds}");
    }

    private delegate string FormattableWords(ConversationCost cost);

    private static ConversationCost Record(string form) => JsonSerializer.Deserialize<ConversationCost>(ChildProcess.Output(
        Environment.ProcessPath!, "record", form, Turns.ToString(CultureInfo.InvariantCulture)))!;

    private static string SomeRequest(string bundle)
    {
        var requests = BundleReader.Open(bundle).ReadEvents().Select(static line => line.Event?.Payload).OfType<InferenceStartedEvent>().Select(static started => started.InferenceCallId).ToList();
        return requests[requests.Count * 3 / 4];
    }

    private static double Processor(string command) => ChildProcess.ProcessorMilliseconds(command);

    private static long Length(string path) => new FileInfo(path).Length;

    private static string Megabytes(double bytes) => (bytes / Megabyte).ToString("F2", CultureInfo.InvariantCulture);

    private static MacroRow Against(string measure, Func<double> measured, Func<double> baseline) => MacroRow.Information(measure, PairedRatio.Of(Rounds, measured, baseline), "ms of processor time");

    private static MacroRow Memory(string measure, double first, double second, string firstName, string secondName) =>
        Told($"{measure}: peak memory", string.Create(CultureInfo.InvariantCulture, $"{first:F0}, {second:F0} MB"), $"{firstName}, {secondName}");

    private static MacroRow Told(string measure, string found, string basis) => new() { Measure = measure, Goal = "", Found = found, Reached = null, Basis = basis };
}
