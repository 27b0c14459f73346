using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Receiver.Tests.Sending;
using RolloutTrace.Records;

namespace RolloutTrace.Receiver.Tests;

/// <summary>What is held grows with the rollouts that are open, and not with those that ever were; of open ones few have their file open.</summary>
public sealed class ManyRolloutsTests : IDisposable
{
    private const int Ended = 300;
    private const int Open = 400;

    // So many journals are open at once, and beside them what the spool has.
    private const int MostFiles = 256 + 8;

    private static readonly string[] Empty = ["lock", "packed", "packing", "rollouts", "spans", "spans/packed"];

    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;

    private string Spool => Path.Join(directory, "spool");

    private string Store => Path.Join(directory, "store");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task OfThoseThatEnded_NothingIsLeft_AndOfThoseThatAreOpen_FewFilesAreHeld()
    {
        using var process = await CollectProcess.StartAsync(Store, "--spool", Spool);
        using var sender = new CollectorSender(() => process.Http);

        for (var round = 0; round < 2; round++)
        {
            foreach (var numbers in Enumerable.Range(round * Ended, Ended).Chunk(50))
            {
                await sender.SendAsync([.. numbers.SelectMany(static number => Records(number, hasEnd: true))]);
            }

            var all = (round + 1) * Ended;
            await CollectProcess.UntilAsync(() => Stored() == all, () => $"{Stored()} of {all} are stored: {string.Join("; ", process.Said)}");
            await CollectProcess.UntilAsync(() => Left().SequenceEqual(Empty), () => $"there is left {string.Join(", ", Left())}");
            FilesOf(process).ShouldBeLessThanOrEqualTo(3);
        }

        foreach (var numbers in Enumerable.Range(2 * Ended, Open).Chunk(50))
        {
            await sender.SendAsync([.. numbers.SelectMany(static number => Records(number, hasEnd: false))]);
        }

        Directory.GetDirectories(Path.Join(Spool, "rollouts")).Length.ShouldBe(Open);
        FilesOf(process).ShouldBeLessThanOrEqualTo(MostFiles);

        // All of them end, in another order, and some of what came comes again.
        foreach (var numbers in Enumerable.Range(2 * Ended, Open).Reverse().Chunk(50))
        {
            await sender.SendAsync([.. numbers.SelectMany(static number => Records(number, hasEnd: true).Where(record => record.Seq != 2 || number % 7 == 0))]);
        }

        await CollectProcess.UntilAsync(() => Stored() == (2 * Ended) + Open, () => $"{Stored()} are stored: {string.Join("; ", process.Said)}");
        await CollectProcess.UntilAsync(() => Left().SequenceEqual(Empty), () => $"there is left {string.Join(", ", Left())}");
        FilesOf(process).ShouldBeLessThanOrEqualTo(3);
        sender.Complaints.ShouldBeEmpty();
        (await process.EndAsync()).ShouldBe(0);
        process.Said.ShouldBeEmpty();
    }

    private static IEnumerable<BundleRecord> Records(int number, bool hasEnd)
    {
        const string Thread = "thread-root";
        var start = 1_770_000_000_000 + number;
        var manifest = new BundleManifest { TraceId = $"trace-{number:x8}", RolloutId = $"rollout-{number}", RootThreadId = Thread, StartedAtUnixMs = start };
        var bundle = BundleName.Of(manifest);
        BundleRecord Event(long seq, string payload) => new()
        {
            Kind = BundleRecordKind.RawEvent,
            Bundle = bundle,
            Seq = seq,
            Body = Encoding.UTF8.GetBytes($$"""{"schema_version":1,"seq":{{seq}},"wall_time_unix_ms":{{start + seq}},"rollout_id":"{{manifest.RolloutId}}","payload":{{payload}}}"""),
        };
        yield return new BundleRecord { Kind = BundleRecordKind.Manifest, Bundle = bundle, Body = manifest.ToUtf8Json() };
        yield return Event(1, $$"""{"type":"rollout_started","trace_id":"{{manifest.TraceId}}","root_thread_id":"{{Thread}}"}""");
        yield return Event(2, $$"""{"type":"thread_started","thread_id":"{{Thread}}","agent_path":"/root"}""");
        if (hasEnd)
        {
            yield return Event(3, """{"type":"rollout_ended","status":"completed"}""");
        }
    }

    private int Stored() => Directory.Exists(Store) ? Directory.EnumerateFiles(Store, "*.rollout.tar.zst", SearchOption.AllDirectories).Count(static path => !Path.GetFileName(path).StartsWith('.')) : 0;

    private string[] Left() => [.. Directory.EnumerateFileSystemEntries(Spool, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Spool, path)).Order(StringComparer.Ordinal)];

    // Where the system does not say which files a process has open, it has none.
    private int FilesOf(CollectProcess process)
    {
        var handles = $"/proc/{process.Id}/fd";
        return Directory.Exists(handles) ? Directory.EnumerateFileSystemEntries(handles).Count(handle => TargetOf(handle)?.StartsWith(Spool, StringComparison.Ordinal) == true) : 0;
    }

    private static string? TargetOf(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
