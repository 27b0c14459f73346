using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Records;

namespace RolloutTrace.Receiver.Tests.Sending;

/// <summary>A rollout as it was recorded on some machine, and its records.</summary>
internal sealed class SentRollout
{
    private const string Thread = "thread-root";
    private const long Start = 1_770_000_000_000;

    /// <param name="directory">Where recordings lie.</param>
    /// <param name="number">Which it is.</param>
    /// <param name="requests">How many requests it has, each with a payload.</param>
    /// <param name="hasEnd">Whether it has ended.</param>
    /// <param name="payloadBytes">About how long a payload is.</param>
    public SentRollout(string directory, int number, int requests = 4, bool hasEnd = true, int payloadBytes = 2_000)
    {
        Recording = Path.Join(directory, $"recording-{number}");
        var manifest = new BundleManifest { TraceId = $"trace-{number:x8}", RolloutId = $"rollout-{number}", RootThreadId = Thread, StartedAtUnixMs = Start + number };
        using (var writer = BundleWriter.Create(Recording, manifest))
        {
            var seq = 0L;
            void Append(RawEventPayload payload) => writer.Append(new RawEvent { Seq = ++seq, WallTimeUnixMs = Start + number + seq, RolloutId = manifest.RolloutId, ThreadId = Thread, Payload = payload });
            Append(new RolloutStartedEvent { TraceId = manifest.TraceId, RootThreadId = Thread });
            Append(new ThreadStartedEvent { ThreadId = Thread, AgentPath = "/root" });
            Append(new CodexTurnStartedEvent { CodexTurnId = "turn-1", ThreadId = Thread });
            for (var i = 1; i <= requests; i++)
            {
                writer.WritePayload(i, System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","input":"{{string.Concat(Enumerable.Repeat($"é€😀 {number} {i} ", payloadBytes / 16))}}"}"""));
                Append(new InferenceStartedEvent { InferenceCallId = $"call-{i}", ThreadId = Thread, CodexTurnId = "turn-1", Model = "m", ProviderName = "p", RequestPayload = PayloadReference.ForNumber(i, PayloadKind.InferenceRequest) });
            }

            if (hasEnd)
            {
                Append(new RolloutEndedEvent { Status = RolloutStatus.Completed });
            }
        }

        Records = BundleRecords.Of(Recording, chunkBytes: 700, PayloadEncoding.Base64);
    }

    public string Recording { get; }

    public IReadOnlyList<BundleRecord> Records { get; }

    public string Name => Records[0].Bundle;

    /// <summary>The one object of it in a store that is a directory.</summary>
    public string? Stored(string store) => Directory.Exists(store) ? Directory.EnumerateFiles(store, Name + ".rollout.tar.zst", SearchOption.AllDirectories).Where(path => !path.Contains(".collect", StringComparison.Ordinal)).SingleOrDefault() : null;

    /// <summary>What is stored is what was recorded, byte for byte, and nothing else.</summary>
    public void ShouldBeStored(string store) => FilesOf(Stored(store).ShouldNotBeNull(Name)).ShouldBe(FilesOfDirectory(Recording), Name);

    /// <summary>Whether a packed rollout has the files of a directory, byte for byte.</summary>
    public static bool AreSame(string packed, string directory) => FilesOf(packed).SequenceEqual(FilesOfDirectory(directory));

    /// <summary>The files of a packed rollout, with the hashes of their bytes.</summary>
    public static SortedDictionary<string, string> FilesOf(string path)
    {
        using var packed = PackedBundle.Open(path);
        return new SortedDictionary<string, string>(
            packed.List("").Concat(packed.List("payloads")).Select(static file => file.Name).ToDictionary(static name => name, name => HashOf(packed, name)), StringComparer.Ordinal);
    }

    private static SortedDictionary<string, string> FilesOfDirectory(string directory) => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(directory, file).Replace('\\', '/'), static file => HashOf(File.ReadAllBytes(file))), StringComparer.Ordinal);

    private static string HashOf(PackedBundle packed, string name)
    {
        using var stream = packed.OpenRead(name);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return HashOf(bytes.ToArray());
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..12];
}
