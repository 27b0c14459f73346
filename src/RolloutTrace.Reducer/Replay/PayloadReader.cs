using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Replay;

/// <summary>Gives reductions the payloads they need; the one that belongs to the event at hand may have been read ahead.</summary>
internal sealed class PayloadReader(BundleReader bundle)
{
    private PrefetchedPayload? prefetched;

    /// <summary>Makes the payload that was read ahead for the next event available; an untouched one before it is let go.</summary>
    public void MoveTo(PrefetchedPayload? next)
    {
        prefetched?.Bytes?.Dispose();
        prefetched = next;
    }

    public PayloadDocument Open(PayloadReference reference) => PayloadDocument.Parse(ReadBytes(reference), reference.RawPayloadId);

    /// <summary>The bytes of a payload; they belong to the caller.</summary>
    public PayloadBytes ReadBytes(PayloadReference reference)
    {
        try
        {
            if (prefetched is not { } ready || !ReferenceEquals(ready.Reference, reference))
            {
                return bundle.ReadPayload(reference);
            }

            prefetched = null;
            return ready.Bytes ?? throw ready.Error!;
        }
        catch (BundleException e)
        {
            throw ReductionFault.Payload($"payload {reference.RawPayloadId}: {e.Message}", e);
        }
    }
}
