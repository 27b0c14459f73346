using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Viewer.Data;

namespace RolloutTrace.Viewer;

/// <summary>
/// The evidence that a page holds. As the observer of the reduction of its bundle it is gathered while that is reduced, of what is read for it; otherwise it is read when a page is written.
/// Disposing of it waits until the bundle is not read any more.
/// </summary>
public sealed class RolloutEvidence : IReadObserver, IDisposable
{
    /// <summary>Of so much of it the page's other document says that it says the same.</summary>
    private const int MostRepeated = 1 << 24;

    private readonly MemoryStream packed = new();
    private readonly MemoryStream beginning = new();
    private readonly Stream packing;
    private readonly EvidenceDocument document;
    private readonly Lazy<Task> completed;
    private bool isObserver;

    /// <param name="bundle">The bundle; null if there is none, and no evidence.</param>
    /// <param name="options">What the page is to show; null for the defaults.</param>
    public RolloutEvidence(BundleReader? bundle, RolloutPageOptions? options = null)
    {
        packing = RolloutPage.PackTo(packed);
        document = new EvidenceDocument(bundle, options ?? new RolloutPageOptions(), new BeginningStream(packing, beginning, MostRepeated));
        completed = new Lazy<Task>(() => Task.Run(Complete));
    }

    /// <summary>The document, compressed, from its beginning.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    internal MemoryStream Packed
    {
        get
        {
            completed.Value.GetAwaiter().GetResult();
            return packed;
        }
    }

    /// <summary>The beginning of the document as it is before it is compressed.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    internal ReadOnlyMemory<byte> Beginning
    {
        get
        {
            completed.Value.GetAwaiter().GetResult();
            return beginning.GetBuffer().AsMemory(0, (int)beginning.Length);
        }
    }

    /// <inheritdoc/>
    void IReadObserver.See(RawEventLine line, PayloadReference? payload, ReadOnlySpan<byte> bytes)
    {
        isObserver = true;
        document.See(line, payload, bytes);
    }

    /// <summary>Begins to gather what is not there yet, beside whatever else is done. The reduction, if this is its observer, is done.</summary>
    internal void Begin() => _ = completed.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (completed.IsValueCreated)
        {
            // What went wrong is thrown where it is asked for.
            Task.WaitAny(completed.Value);
        }

        document.Dispose();
        packing.Dispose();
    }

    private void Complete()
    {
        if (!isObserver)
        {
            document.ReadAll();
        }

        document.Complete();
        packing.Dispose();
        packed.Position = 0;
    }
}
