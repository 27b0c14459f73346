namespace RolloutTrace.Packing.Tests;

public sealed class UnfinishedFileTests : IDisposable
{
    private readonly PackingDirectory directory = new();

    [Fact]
    public void WhereSeveralWriteToOnePlace_NobodyTakesWhatAnotherWritesForLeft()
    {
        var place = directory.Place("trace-t-r.rollout.tar.zst");
        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var file = new UnfinishedFile(place);
            file.Stream.WriteByte(1);
            File.Exists(file.Path).ShouldBeTrue();
        });

        Directory.GetFiles(directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public void WhereSeveralMoveToOnePlace_NobodyTakesWhatAnotherMovesForLeft()
    {
        var place = directory.Place("trace-t-r.rollout.tar.zst");
        var moved = 0;
        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var file = new UnfinishedFile(place);
            file.Stream.WriteByte(1);
            try
            {
                file.Move(DateTime.UnixEpoch);
            }
            catch (IOException e) when (e is not FileNotFoundException)
            {
                // Somebody was faster.
                return;
            }

            Interlocked.Increment(ref moved);
            File.Delete(place);
        });

        moved.ShouldBePositive();
        Directory.GetFiles(directory.Path).ShouldBeEmpty();
    }

    public void Dispose() => directory.Dispose();
}
