using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>What recording is measured against: the parts of it that nobody can avoid, each done plainly.</summary>
internal sealed class RecordingBaselines : IDisposable
{
    private static readonly (string Name, string Value)[] Attributes =
    [
        ("rollout.id", "01a21d96-03bb-76cc-837b-483cc01539be"), ("rollout.thread.id", "01a21d96-03bb-76cc-837b-483cc01539be"), ("rollout.turn.id", "01a21d96-03bb-76cc-837b-483cc01539be"),
        ("gen_ai.conversation.id", "01a21d96-03bb-76cc-837b-483cc01539be"), ("gen_ai.operation.name", "chat"), ("gen_ai.agent.name", "root"), ("gen_ai.provider.name", "openai"),
        ("gen_ai.request.model", "gpt-5-codex"), ("rollout.inference.id", "01a21d96-03bb-76cc-837b-483cc01539be"), ("rollout.cancel.reason", "measured"), ("rollout.status", "cancelled"),
    ];

    private readonly ActivitySource source = new("RolloutTrace.Benchmarks.Plain");
    private readonly ActivityListener listener;
    private readonly ScratchDirectory directory = new();
    private readonly PooledBuffer buffer = new();
    private readonly Utf8JsonWriter writer;
    private long files;

    public RecordingBaselines()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = s => ReferenceEquals(s, source),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        // As payloads are written: escaped as little as JSON allows.
        writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>A span with nothing on it, started and stopped under a listener that does nothing.</summary>
    public void PlainActivity() => source.StartActivity("plain")?.Dispose();

    /// <summary>A span with as many attributes as that of a model request without content, and as long ones.</summary>
    public void AttributedActivity()
    {
        using var span = source.StartActivity("chat gpt-5-codex", ActivityKind.Client);
        foreach (var (name, value) in Attributes)
        {
            span!.SetTag(name, value);
        }
    }

    /// <summary>System.Text.Json, source-generated, into a buffer that is reused.</summary>
    public int Serialize(SamplePayload payload)
    {
        buffer.Clear();
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, payload.Request, SampleJsonContext.Default.SampleRequest);
        writer.Flush();
        return buffer.WrittenCount;
    }

    /// <summary>The same bytes into a file of their own, in one call.</summary>
    public void WriteFile(byte[] bytes)
    {
        using var file = File.OpenHandle(Path.Join(directory.FullName, $"{++files}.json"), FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, bytes, fileOffset: 0);
    }

    public void Dispose()
    {
        listener.Dispose();
        source.Dispose();
        writer.Dispose();
        directory.Dispose();
    }

    private sealed class PooledBuffer : IBufferWriter<byte>
    {
        private byte[] bytes = ArrayPool<byte>.Shared.Rent(1 << 16);

        public int WrittenCount { get; private set; }

        public void Clear() => WrittenCount = 0;

        public void Advance(int count) => WrittenCount += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Ensure(sizeHint);
            return bytes.AsMemory(WrittenCount);
        }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            Ensure(sizeHint);
            return bytes.AsSpan(WrittenCount);
        }

        private void Ensure(int sizeHint)
        {
            if (bytes.Length - WrittenCount >= Math.Max(sizeHint, 256))
            {
                return;
            }

            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, WrittenCount + sizeHint));
            bytes.AsSpan(0, WrittenCount).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }
    }
}
