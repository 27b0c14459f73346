using RolloutTrace.Bundle;
using RolloutTrace.Viewer.Data;

namespace RolloutTrace.Viewer;

/// <summary>
/// The evidence that a page holds, which is gathered beside whatever else is done from the moment this is made: it takes about as long as reducing the bundle, and needs nothing of
/// that. Disposing of it waits until the bundle is not read any more.
/// </summary>
public sealed class RolloutEvidence : IDisposable
{
    private readonly Task<MemoryStream> packed;

    /// <summary>Begins to gather.</summary>
    /// <param name="bundle">The bundle; null if there is none, and no evidence.</param>
    /// <param name="options">What the page is to show; null for the defaults.</param>
    public RolloutEvidence(BundleReader? bundle, RolloutPageOptions? options = null) => packed = Task.Run(() =>
    {
        var gathered = new MemoryStream();
        RolloutPage.Pack(gathered, stream => EvidenceDocument.Write(bundle, options ?? new RolloutPageOptions(), stream));
        gathered.Position = 0;
        return gathered;
    });

    /// <summary>The document, compressed, from its beginning.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    internal MemoryStream Packed => packed.GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        // What went wrong is thrown where it is asked for.
        Task.WaitAny(packed);
    }
}
