using RolloutTrace.Bundle;
using RolloutTrace.Viewer.Data;

namespace RolloutTrace.Viewer;

/// <summary>
/// The evidence that a page holds, which is gathered beside whatever else is done from the moment this is made: it takes about as long as reducing the bundle, and needs nothing of
/// that. Disposing of it waits until the bundle is not read any more.
/// </summary>
public sealed class RolloutEvidence : IDisposable
{
    /// <summary>Of so much of it the page's other document says that it says the same.</summary>
    private const int MostRepeated = 1 << 24;

    private readonly Task<Gathered> gathered;

    /// <summary>Begins to gather.</summary>
    /// <param name="bundle">The bundle; null if there is none, and no evidence.</param>
    /// <param name="options">What the page is to show; null for the defaults.</param>
    public RolloutEvidence(BundleReader? bundle, RolloutPageOptions? options = null) => gathered = Task.Run(() =>
    {
        var packed = new MemoryStream();
        var beginning = new MemoryStream();
        RolloutPage.Pack(packed, stream => EvidenceDocument.Write(bundle, options ?? new RolloutPageOptions(), new BeginningStream(stream, beginning, MostRepeated)));
        packed.Position = 0;
        return new Gathered(packed, beginning.GetBuffer().AsMemory(0, (int)beginning.Length));
    });

    /// <summary>The document, compressed, from its beginning.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    internal MemoryStream Packed => gathered.GetAwaiter().GetResult().Packed;

    /// <summary>The beginning of the document as it is before it is compressed.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    internal ReadOnlyMemory<byte> Beginning => gathered.GetAwaiter().GetResult().Beginning;

    /// <inheritdoc/>
    public void Dispose()
    {
        // What went wrong is thrown where it is asked for.
        Task.WaitAny(gathered);
    }

    private sealed record Gathered(MemoryStream Packed, ReadOnlyMemory<byte> Beginning);
}
