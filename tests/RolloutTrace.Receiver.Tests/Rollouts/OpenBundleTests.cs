using RolloutTrace.Collecting;
using RolloutTrace.Receiver.Rollouts;
using RolloutTrace.Receiver.Tests.Sending;
using RolloutTrace.Records;

namespace RolloutTrace.Receiver.Tests.Rollouts;

public sealed class OpenBundleTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void What_could_not_be_flushed_when_it_was_packed_is_acknowledged_to_nobody_and_may_come_again()
    {
        var sent = new SentRollout(directory, 1, requests: 2);
        var place = Path.Join(directory, "spool", sent.Name);
        using var bundle = Open(sent, place);
        bundle.Rest();
        var rejections = new Rejections();
        var addition = bundle.Add([.. sent.Records], rejections)!.Value;
        var journal = Path.Join(place, "journal");
        File.Move(journal, journal + ".away");
        Directory.CreateDirectory(journal);

        Record.Exception(() => bundle.Pack(Path.Join(directory, "packed"))).ShouldNotBeNull();
        Directory.Delete(journal);
        File.Move(journal + ".away", journal);

        Should.Throw<IOException>(() => bundle.Flush(addition));
        bundle.Flush(bundle.Add([.. sent.Records], rejections)!.Value);
        rejections.Count.ShouldBe(0);
        using var again = BundleAssembly.Open(place, sent.Name);
        again.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_that_add_and_flush_at_once_while_it_is_packed_each_has_what_it_added()
    {
        var sent = new SentRollout(directory, 2, requests: 40);
        var place = Path.Join(directory, "spool", sent.Name);
        using var bundle = Open(sent, place);
        var adding = Parallel.ForEachAsync(sent.Records, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (record, _) =>
        {
            bundle.Flush(bundle.Add([record], new Rejections())!.Value);
            File.Exists(Path.Join(place, "journal")).ShouldBeTrue();
            return default;
        });
        do
        {
            bundle.Pack(Path.Join(directory, "packed"));
            bundle.Rest();
        }
        while (!adding.IsCompleted);

        await adding;
        bundle.Pack(Path.Join(directory, "packed")).Hole.ShouldBeNull();
        using var again = BundleAssembly.Open(place, sent.Name);
        again.IsWhole.ShouldBeTrue();
    }

    private static OpenBundle Open(SentRollout sent, string place)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        var bundle = new OpenBundle(sent.Name, place, AssemblyOptions.Default);
        bundle.Open(static () => null);
        return bundle;
    }
}
