namespace RolloutTrace.Benchmarks;

/// <summary>A directory below the temporary one, gone when it is disposed.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-benchmarks-");

    public string FullName => directory.FullName;

    public void Dispose() => directory.Delete(recursive: true);
}
