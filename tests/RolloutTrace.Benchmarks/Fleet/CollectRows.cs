using System.Diagnostics;
using System.Globalization;
using RolloutTrace.Benchmarks.Macro;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Records;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Benchmarks.Fleet;

/// <summary><c>collect</c>, a process of its own, takes rollouts in over loopback, in requests of 64 records, four senders at once, and packs them into a store.</summary>
internal static class CollectRows
{
    private const int Few = 20;
    private const int First = 60;
    private const int RecordsOfRequest = 64;
    private const int Senders = 4;
    private const int LongPayload = 1024;

    public static IEnumerable<MacroRow> All(FleetRollouts rollouts)
    {
        var all = rollouts.Recorded(FleetRollouts.Usual, First + (Few * 10));
        var (first, recorded) = (all.Take(First).ToList(), all.Skip(First).ToList());
        var few = Collect(rollouts, first, recorded.Take(Few));
        var many = Collect(rollouts, first, recorded);
        yield return FleetRow.Told("collect: processor time a rollout", FleetRow.Milliseconds(many.Milliseconds), $"{recorded.Count} rollouts in {many.Requests / (double)recorded.Count:F1} requests each, {FleetRow.Kilobytes(many.SentBytes)} each on loopback; user and system, after {First} others");
        yield return FleetRow.Told("collect: bytes written a rollout", FleetRow.Kilobytes(many.WrittenBytes), "as the kernel counts what the process writes: spool, packed rollouts, answers");
        yield return FleetRow.Told("collect: bytes in the store a rollout", FleetRow.Kilobytes(many.StoredBytes), "packed");
        yield return FleetRow.Growth("collect: ten times as many rollouts", many.Milliseconds, few.Milliseconds, $"{recorded.Count} against {Few} rollouts, {(few.Requests + many.Requests) / (Few + recorded.Count)} requests each");
    }

    private static Collected Collect(FleetRollouts rollouts, IReadOnlyList<string> first, IEnumerable<string> recorded)
    {
        var bodies = recorded.Select(Bodies).ToList();
        var store = rollouts.Next();
        var info = new ProcessStartInfo(Programs.CommandLineTool, ["collect", "--store", store, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(info)!;
        try
        {
            var address = process.StandardOutput.ReadLine()!["http ".Length..];
            process.StandardOutput.ReadLine();
            using var http = new HttpClient();
            // What the first ones make the runtime compile is charged to the start.
            SendAll(first.Select(Bodies), expected: first.Count);
            var (before, written) = (ProcessorTime(process), WrittenBytes(process));
            SendAll(bodies, expected: first.Count + bodies.Count);
            return new Collected(
                (ProcessorTime(process) - before).TotalMilliseconds / bodies.Count,
                (WrittenBytes(process) - written) / bodies.Count,
                bodies.Sum(static rollout => rollout.Sum(static body => (double)body.Length)) / bodies.Count,
                Packed(store).Average(static file => file.Length),
                bodies.Sum(static rollout => rollout.Count));

            void SendAll(IEnumerable<List<byte[]>> some, int expected)
            {
                Parallel.ForEach(some, new ParallelOptions { MaxDegreeOfParallelism = Senders }, rollout => rollout.ForEach(body => Send(http, address, body)));
                while (Packed(store).Count() < expected)
                {
                    Thread.Sleep(10);
                }
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static List<byte[]> Bodies(string directory) => [.. Records(directory).Chunk(RecordsOfRequest).Select(OtlpBody.Of)];

    // Long payloads are compressed, as the recorder does.
    private static IEnumerable<BundleRecord> Records(string directory)
    {
        foreach (var record in BundleRecords.Of(directory, encoding: PayloadEncoding.Utf8))
        {
            if (record.Payload is not { Bytes: >= LongPayload })
            {
                yield return record;
            }
            else if (record.Chunk == 1)
            {
                var file = File.ReadAllBytes(Path.Join(directory, BundleLayout.PayloadsDirectoryName, record.PayloadNumber.ToString(CultureInfo.InvariantCulture) + ".json"));
                foreach (var chunk in BundleRecords.Chunks(record.Bundle, record.PayloadNumber, file, 700_000, PayloadEncoding.Gzip))
                {
                    yield return chunk;
                }
            }
        }
    }

    private static void Send(HttpClient http, string address, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/x-protobuf");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/v1/logs") { Content = content };
        using var answer = http.Send(request);
        using var said = new MemoryStream();
        answer.EnsureSuccessStatusCode().Content.CopyTo(said, null, default);
        if (said.Length > 0)
        {
            throw new InvalidOperationException("collect has not taken all records of a request");
        }
    }

    private static IEnumerable<FileInfo> Packed(string store) => new DirectoryInfo(store).EnumerateDirectories()
        .Where(static day => day.Name[0] != '.')
        .SelectMany(static day => day.EnumerateFiles("*" + PackedFormat.Extension));

    private static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static double WrittenBytes(Process process) => double.Parse(
        File.ReadLines($"/proc/{process.Id}/io").Single(static line => line.StartsWith("wchar: ", StringComparison.Ordinal))["wchar: ".Length..], CultureInfo.InvariantCulture);

    private sealed record Collected(double Milliseconds, double WrittenBytes, double SentBytes, double StoredBytes, int Requests);
}
