using System.Buffers;

namespace RolloutTrace.Import.Writing;

/// <summary>
/// What bundles share that are written at the same time, so that thousands of them take little more memory than one: where a document
/// is made, and how many events may wait to be written. Not safe for concurrent use.
/// </summary>
internal sealed class OpenBundles
{
    private const int EventsInAll = 1 << 15;

    private readonly HashSet<ImportedBundle> waiting = [];
    private int events;

    /// <summary>Where a document is made. It is the next one's when the call returns that has made it.</summary>
    public ArrayBufferWriter<byte> Document { get; } = new();

    /// <summary>One more event of a bundle waits to be written.</summary>
    public void Wait(ImportedBundle bundle)
    {
        waiting.Add(bundle);
        if (++events < EventsInAll)
        {
            return;
        }

        foreach (var other in waiting)
        {
            other.CloseFiles();
        }

        waiting.Clear();
        events = 0;
    }

    /// <summary>A bundle has written its events.</summary>
    public void Forget(ImportedBundle bundle) => waiting.Remove(bundle);
}
