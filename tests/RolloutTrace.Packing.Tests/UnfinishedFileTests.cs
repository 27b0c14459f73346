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

    public void Dispose() => directory.Dispose();
}
