using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>
/// Sees what a reduction reads of a bundle, in the order of the log and before the state is told of it: whoever wants the same bytes needs not read them again.
/// </summary>
public interface IReadObserver
{
    /// <summary>
    /// A line of the log, with the payload that the reduction wants for it. Called once for each, on the thread that reads ahead, which the reduction then waits for. What it throws ends
    /// the reduction.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="payload">The payload that was read; null if the reduction wants none, or it could not be read.</param>
    /// <param name="bytes">The payload's bytes, until this returns.</param>
    void See(RawEventLine line, PayloadReference? payload, ReadOnlySpan<byte> bytes);
}
