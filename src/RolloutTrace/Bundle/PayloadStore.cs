using System.Buffers;

namespace RolloutTrace.Bundle;

/// <summary>
/// Where the payloads of a bundle that is being written go, where they do not go into files of their own. Its files are in the bundle's
/// directory for payloads. Called by one thread at a time.
/// </summary>
/// <remarks>After it has thrown an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/> it takes nothing more, and goes on throwing.</remarks>
public abstract class PayloadStore : IDisposable
{
    /// <summary>Takes a payload. It may be held back until the next <see cref="Flush"/>.</summary>
    /// <param name="number">Its number, larger than those before.</param>
    /// <param name="utf8Json">One JSON document.</param>
    /// <returns>How many bytes were written to disk meanwhile.</returns>
    /// <exception cref="IOException">It cannot be written, the number was used, or somebody has changed the store's files.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public abstract long Write(long number, ReadOnlySpan<byte> utf8Json);

    /// <summary>Takes a payload that stands in two places. A store that gains nothing by knowing what it begins with need not have a way of its own.</summary>
    /// <param name="number">As above.</param>
    /// <param name="payload">One JSON document.</param>
    /// <returns>As above.</returns>
    /// <exception cref="IOException">As above.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public virtual long Write(long number, in PayloadInParts payload)
    {
        var whole = ArrayPool<byte>.Shared.Rent(payload.Length);
        try
        {
            payload.First.CopyTo(whole);
            payload.Rest.CopyTo(whole.AsSpan(payload.First.Length));
            return Write(number, whole.AsSpan(0, payload.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <summary>Leaves on disk what was taken, so that readers find it. Lines that name it are appended only afterwards.</summary>
    /// <returns>How many bytes were written to disk.</returns>
    /// <exception cref="IOException">It cannot be written, or somebody has changed the store's files.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public abstract long Flush();

    /// <summary>Flushes, and gives files and memory back until the next payload comes.</summary>
    /// <returns>How many bytes were written to disk.</returns>
    /// <exception cref="IOException">As <see cref="Flush"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Flush"/>.</exception>
    public abstract long Close();

    /// <summary>Gives files and memory back, and takes nothing more. Never throws.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>As <see cref="Dispose()"/>.</summary>
    /// <param name="disposing">Whether it is called by that.</param>
    protected abstract void Dispose(bool disposing);
}
