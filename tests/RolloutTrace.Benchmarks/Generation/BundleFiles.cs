using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary>
/// Writes a bundle's files plainly, one call a payload. Deliberately not the library's own writer: what is
/// generated must not change when that does.
/// </summary>
internal sealed class BundleFiles : IDisposable
{
    private readonly string directory;
    private readonly FileStream log;
    private readonly string rolloutId;
    private long payloads;
    private long seq;

    public BundleFiles(string directory, BundleManifest manifest)
    {
        this.directory = directory;
        rolloutId = manifest.RolloutId;
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(Path.Join(directory, manifest.PayloadsDir));
        File.WriteAllBytes(
            Path.Join(directory, BundleLayout.ManifestFileName),
            manifest.ToUtf8Json());
        log = new FileStream(Path.Join(directory, manifest.RawEventLog), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
    }

    public long PayloadCount => payloads;

    public long PayloadBytes { get; private set; }

    public PayloadReference WritePayload(PayloadKind kind, params ReadOnlyMemory<byte>[] segments)
    {
        var reference = PayloadReference.ForNumber(++payloads, kind);
        using var file = File.OpenHandle(Path.Join(directory, reference.Path), FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, segments, fileOffset: 0);
        PayloadBytes += segments.Sum(s => (long)s.Length);
        return reference;
    }

    public void Append(long unixMs, string? threadId, string? turnId, RawEventPayload payload)
    {
        var line = new RawEvent
        {
            Seq = ++seq,
            WallTimeUnixMs = unixMs,
            RolloutId = rolloutId,
            ThreadId = threadId,
            CodexTurnId = turnId,
            Payload = payload,
        };
        using (var json = new Utf8JsonWriter(log))
        {
            line.WriteTo(json);
        }

        log.WriteByte((byte)'\n');
    }

    public void Dispose() => log.Dispose();
}
