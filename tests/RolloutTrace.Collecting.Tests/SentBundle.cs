using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Tests;

/// <summary>A bundle of a few events and payloads, its records, and a directory for what is made of them.</summary>
internal sealed class SentBundle : IDisposable
{
    private readonly TestBundle bundle = new();

    public SentBundle(int requests = 3, int chunkBytes = 10, string encoding = PayloadEncoding.Base64, bool hasEnd = true, int repeats = 5)
    {
        Work = System.IO.Directory.CreateTempSubdirectory("rollout-trace-collect-").FullName;
        bundle.Append(new RolloutStartedEvent { TraceId = "trace-1", RootThreadId = TestBundle.Root });
        bundle.WithTurn();
        for (var i = 1; i <= requests; i++)
        {
            var payload = bundle.Payload(PayloadKind.InferenceRequest, $$"""{"input":"{{string.Concat(Enumerable.Repeat($"é€😀 {i} ", repeats))}}"}""");
            bundle.Append(new InferenceStartedEvent { InferenceCallId = $"call-{i}", ThreadId = TestBundle.Root, CodexTurnId = TestBundle.Turn, Model = "m", ProviderName = "p", RequestPayload = payload });
        }

        if (hasEnd)
        {
            bundle.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed });
        }

        bundle.Open();
        Records = BundleRecords.Of(bundle.Directory, chunkBytes, encoding);
    }

    /// <summary>What was recorded.</summary>
    public string Directory => bundle.Directory;

    public IReadOnlyList<BundleRecord> Records { get; }

    public string Name => Records[0].Bundle;

    /// <summary>A directory of the test's own.</summary>
    public string Work { get; }

    public string Spool => Path.Join(Work, "spool");

    public BundleAssembly Open(AssemblyOptions? options = null) => BundleAssembly.Open(Spool, Name, options ?? new AssemblyOptions { IsDurable = false });

    /// <summary>Files of a bundle by their names, as text.</summary>
    public static SortedDictionary<string, string> FilesOf(string directory) => new(
        System.IO.Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(directory, file).Replace('\\', '/'), static file => Encoding.Latin1.GetString(File.ReadAllBytes(file))), StringComparer.Ordinal);

    /// <summary>What the assembly makes is what was recorded, byte for byte.</summary>
    public void ShouldBeWhat(BundleAssembly assembly)
    {
        var made = Path.Join(Work, Guid.NewGuid().ToString("N"));
        assembly.WriteTo(made);
        FilesOf(made).ShouldBe(FilesOf(Directory));
    }

    public void Dispose()
    {
        bundle.Dispose();
        System.IO.Directory.Delete(Work, recursive: true);
    }
}
