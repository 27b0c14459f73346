using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// The payloads that were passed last on the way to another: programs that do several things at once do not name payloads in
/// quite the order in which they wrote them. Not safe for concurrent use.
/// </summary>
internal sealed class PassedPayloads
{
    /// <summary>A longer payload is not kept.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxBytesTogether = 4 << 20;

    private readonly Dictionary<string, PayloadBytes> payloads = new(StringComparer.Ordinal);
    private readonly Queue<string> order = [];
    private long bytes;

    /// <summary>Keeps a payload as long as there is room.</summary>
    public void Put(string name, PayloadBytes content)
    {
        while (order.Count > 0 && bytes + content.Length > MaxBytesTogether)
        {
            Take(order.Dequeue())?.Dispose();
        }

        if (payloads.TryAdd(name, content))
        {
            order.Enqueue(name);
            bytes += content.Length;
        }
        else
        {
            content.Dispose();
        }
    }

    /// <summary>Gives a payload away; null if it is not there.</summary>
    public PayloadBytes? Take(string name)
    {
        if (payloads.Remove(name, out var content))
        {
            bytes -= content.Length;
        }

        return content;
    }
}
