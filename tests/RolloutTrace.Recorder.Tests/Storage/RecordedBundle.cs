using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.Storage;

/// <summary>A bundle in whichever form it is: files, packed while it is recorded, or packed.</summary>
internal sealed class RecordedBundle : IDisposable
{
    private readonly BundleFiles files;

    private RecordedBundle(BundleFiles files)
    {
        this.files = files;
        Reader = BundleReader.Open(files);
    }

    public BundleReader Reader { get; }

    public List<RawEvent> Events => [.. Reader.ReadEvents().Where(line => line.Event is not null).Select(line => line.Event!)];

    /// <summary>Opens the bundle whose directory has a path, or had it until it was packed.</summary>
    public static RecordedBundle Open(string path) =>
        new(BundleReader.IsBundle(path) ? PackedRecording.FilesOf(path) : PackedBundle.Open(path + PackedFormat.Extension));

    /// <summary>Checks that nothing has a hole: events are numbered, what they name is there and is JSON, nothing is damaged, and it reduces.</summary>
    public RolloutGraph Check()
    {
        var lines = Reader.ReadEvents().ToList();
        lines.SkipLast(1).ShouldAllBe(line => line.Event != null);
        var events = Events;
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        foreach (var reference in events.SelectMany(e => e.Payload.PayloadReferences))
        {
            using var payload = Reader.ReadPayload(reference);
            System.Text.Json.JsonDocument.Parse(payload.Memory).Dispose();
        }

        files.FindDamage().ShouldBeNull();
        var result = RolloutReducer.Reduce(Reader);

        // At most the torn last line may be remarked on.
        result.Diagnostics.Count.ShouldBe(lines.Count - events.Count, string.Join('\n', result.Diagnostics));
        return result.Graph;
    }

    public void Dispose() => (files as IDisposable)?.Dispose();
}
