using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli.Tests.Joining;

/// <summary>Rollouts that are packed while they are recorded are joined as plain ones are, whatever is there of them so far.</summary>
public sealed class JoinedPackedRecordingsTests : IDisposable
{
    private const int Moments = 4;

    private readonly TestDirectory directory = new();
    private readonly List<Growing> processes;

    public JoinedPackedRecordingsTests()
    {
        var whole = directory.Place("whole");
        foreach (var bundle in SeveralProcesses.All().SkipLast(1))
        {
            bundle.Write(whole);
        }

        processes = [.. Directory.GetDirectories(whole).Order(StringComparer.Ordinal).Select(static path => new Growing(path))];
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void WhileTheyAreRecorded_TheyGiveWhatPlainOnesGive_UpToTheLastFlush()
    {
        using var storage = new PackedStorage();
        var writers = processes.Select(process => (process, writer: storage.Create(directory.Place($"packed/{process.Name}"), process.Manifest))).ToList();
        for (var moment = 1; moment <= Moments; moment++)
        {
            foreach (var (process, writer) in writers)
            {
                process.Write(writer, moment - 1, moment);
                writer.Flush();
                using var plain = BundleWriter.Create(directory.Place($"plain-{moment}/{process.Name}"), process.Manifest);
                process.Write(plain, 0, moment);
                plain.Flush();
            }

            var ofPacked = Joined("packed", $"of-packed-{moment}");
            ofPacked["said"].StartsWith('0').ShouldBe(moment == Moments);
            ofPacked.ShouldBe(Joined($"plain-{moment}", $"of-plain-{moment}"));
            CommandLine.Run("transcript", directory.Place("packed"), "--joined").Out.Replace("/packed", "", StringComparison.Ordinal)
                .ShouldBe(CommandLine.Run("transcript", directory.Place($"plain-{moment}"), "--joined").Out.Replace($"/plain-{moment}", "", StringComparison.Ordinal));
        }

        writers.ForEach(static entry => entry.writer.Dispose());
    }

    /// <summary>A kill leaves of the stream more than the log names, in the middle of a frame, and of the log half a line.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(90)]
    public void Killed_TheyGiveWhatPlainOnesGive_WithTheSameLogs(int more)
    {
        using var storage = new PackedStorage();
        foreach (var process in processes)
        {
            var path = directory.Place($"packed/{process.Name}");
            var stream = Path.Join(path, "payloads", "packed.tar.zst");
            long flushed;
            using (var writer = storage.Create(path, process.Manifest))
            {
                process.Write(writer, 0, Moments - 1);
                writer.Flush();
                flushed = new FileInfo(stream).Length;
                process.Write(writer, Moments - 1, Moments);
                writer.Flush();
            }

            using (var cut = File.OpenWrite(stream))
            {
                cut.SetLength(Math.Min(cut.Length, flushed + more));
            }

            using (var plain = BundleWriter.Create(directory.Place($"plain/{process.Name}"), process.Manifest))
            {
                process.Write(plain, 0, Moments - 1);
                plain.Flush();
            }

            var log = File.ReadAllText(directory.Place($"plain/{process.Name}/trace.jsonl")) + """{"seq":""";
            File.WriteAllText(directory.Place($"plain/{process.Name}/trace.jsonl"), log);
            File.WriteAllText(Path.Join(path, "trace.jsonl"), log);
        }

        Joined("packed", "of-packed").ShouldBe(Joined("plain", "of-plain"));
    }

    // Every file of what join writes, and what it says.
    private Dictionary<string, string> Joined(string from, string to)
    {
        var run = CommandLine.Run("join", directory.Place(from), "-o", directory.Place(to));
        var files = Directory.GetFiles(directory.Place(to), "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(directory.Place(to), path), static path => File.ReadAllText(path).Replace("of-packed", "of-plain", StringComparison.Ordinal), StringComparer.Ordinal);
        files.Keys.Count(static name => name.StartsWith("payloads", StringComparison.Ordinal)).ShouldBeGreaterThan(1);

        // Who was called is apart as long as the line that called it is not there.
        files["said"] = $"{run.ExitCode} {run.Error}".Replace(directory.Place(from), "", StringComparison.Ordinal);
        return files;
    }

    /// <summary>A rollout that is recorded again bit by bit, in as many moments.</summary>
    private sealed class Growing(string bundle)
    {
        private readonly List<RawEvent> events = [.. BundleReader.Open(bundle).ReadEvents().Select(static line => line.Event!)];

        public string Name => Path.GetFileName(bundle);

        public BundleManifest Manifest => BundleReader.Open(bundle).Manifest;

        public void Write(BundleWriter writer, int from, int to)
        {
            foreach (var raw in events.Take(events.Count * to / Moments).Skip(events.Count * from / Moments))
            {
                foreach (var payload in raw.Payload.PayloadReferences)
                {
                    writer.WritePayload(int.Parse(Path.GetFileNameWithoutExtension(payload.Path), System.Globalization.CultureInfo.InvariantCulture), File.ReadAllBytes(Path.Join(bundle, payload.Path)));
                }

                writer.Append(raw);
            }
        }
    }
}
