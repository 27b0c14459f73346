using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>
/// Links that wait for an agent's next model request, the one that carries what they stand for. Safe for concurrent use.
/// </summary>
internal sealed class PendingLinks
{
    // An agent that makes no requests any more must not gather links for ever, and a span holds no more than this anyway.
    private const int Capacity = RolloutHandle.MaxLinks;

    private readonly Lock sync = new();
    private List<PendingLink>? waiting;

    public void Add(LinkKind kind, ActivityContext target, string? edgeId = null)
    {
        lock (sync)
        {
            waiting ??= [];
            if (waiting.Count < Capacity)
            {
                waiting.Add(new PendingLink(kind, target, edgeId));
            }
        }
    }

    /// <summary>Whether one of a kind waits.</summary>
    public bool Has(LinkKind kind)
    {
        lock (sync)
        {
            return waiting?.Exists(link => ReferenceEquals(link.Kind, kind)) == true;
        }
    }

    /// <summary>Puts all that wait on the span of the request. Returns whether one of them was of the kind <paramref name="sought"/>.</summary>
    public bool MoveTo(RolloutHandle request, LinkKind sought)
    {
        List<PendingLink>? taken;
        lock (sync)
        {
            (taken, waiting) = (waiting, null);
        }

        var found = false;
        if (taken is not null)
        {
            foreach (var link in taken)
            {
                request.AddLink(link.Kind, link.Target, link.EdgeId);
                found |= ReferenceEquals(link.Kind, sought);
            }
        }

        return found;
    }

    private readonly record struct PendingLink(LinkKind Kind, ActivityContext Target, string? EdgeId);
}
