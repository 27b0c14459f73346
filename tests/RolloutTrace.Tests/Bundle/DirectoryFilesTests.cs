using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class DirectoryFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-files-").FullName;

    [Fact]
    public async Task ADirectoryThatGoesWhileItIsListed_IsOneThatIsNotThere()
    {
        var payloads = Path.Join(directory, "payloads");
        using var stop = new CancellationTokenSource();
        var packing = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.CreateDirectory(payloads);
                Directory.Delete(payloads);
            }
        });

        var files = BundleFiles.InDirectory(directory);
        for (var i = 0; i < 200_000; i++)
        {
            files.GetTotalLength("payloads").ShouldBe(0);
            files.List("payloads").ShouldBeEmpty();
        }

        await stop.CancelAsync();
        await packing;
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
