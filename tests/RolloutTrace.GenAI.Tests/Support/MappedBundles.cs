using RolloutTrace.TestSupport;

namespace RolloutTrace.GenAI.Tests.Support;

/// <summary>The bundles that spans become, in a directory that is gone when disposed.</summary>
internal sealed class MappedBundles : IGenAIRolloutOpener, IDisposable
{
    private readonly DirectoryInfo directory = MemoryDirectory.CreateSubdirectory("genai-spans-");
    private readonly Dictionary<Rollout, DirectRecording> recordings = [];

    /// <param name="spans">The spans.</param>
    /// <param name="inMemory">How many bytes of them are kept in memory; null for the default.</param>
    /// <param name="threads">How threads are remembered; null for the default.</param>
    public MappedBundles(IEnumerable<ForeignSpan> spans, long? inMemory = null, GenAIThreadOptions? threads = null)
    {
        var rollouts = inMemory is { } bytes ? new GenAIRollouts(this, threads, bytes) : new GenAIRollouts(this, threads);
        foreach (var span in spans)
        {
            rollouts.Add(span);
        }

        Summary = rollouts.Complete();
    }

    public GenAIRolloutsSummary Summary { get; }

    /// <summary>In the order in which they were opened.</summary>
    public List<string> Directories { get; } = [];

    /// <summary>What all of them say, one after the other.</summary>
    public string Story => string.Join("\n", Directories.Select(RolloutStory.Of));

    /// <summary>Every file of every bundle by its path below the directory, with its content.</summary>
    public IReadOnlyDictionary<string, string> Files => directory.EnumerateFiles("*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(directory.FullName, f.FullName), f => File.ReadAllText(f.FullName), StringComparer.Ordinal);

    public void Open(Rollout rollout, string recordingId, DateTimeOffset startedAt)
    {
        var bundle = Path.Join(directory.FullName, $"trace-{recordingId}-{rollout.RootThreadId}");
        Directories.Add(bundle);
        rollout.TryAttach(bundle, r => recordings[r] = DirectRecording.Create(bundle, r, recordingId, startedAt)).ShouldBeTrue();
    }

    public void Close(Rollout rollout) => recordings[rollout].Complete();

    public void Dispose() => directory.Delete(recursive: true);
}
