using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Tree;

/// <summary>One rollout: its part, or those that go on from one another, in order.</summary>
internal sealed class RolloutGroup(string rolloutId, IReadOnlyList<Part> parts)
{
    public string RolloutId => rolloutId;

    public IReadOnlyList<Part> Parts => parts;

    public Part First => parts[0];

    public string RootThreadId => First.Manifest.RootThreadId;

    /// <summary>Its calls from elsewhere, in order; the first has brought it about.</summary>
    public List<PartCall> Calls { get; } = [];

    /// <summary>The call that has brought it about; null if it is a root.</summary>
    public PartCall? Spawn => Calls.Count > 0 ? Calls[0] : null;

    /// <summary>Why it stays apart; null if it does not.</summary>
    public string? Apart { get; set; }

    /// <summary>Whether it is left out for no other reason than that another root was chosen.</summary>
    public bool IsOfAnotherTree { get; set; }

    /// <summary>How many rollouts are above it in the tree.</summary>
    public int Depth { get; set; }

    /// <summary>The thread in the first part that starts it.</summary>
    public (Part Part, PartThread Thread)? FindThread(string threadId)
    {
        foreach (var part in parts)
        {
            if (part.Threads.TryGetValue(threadId, out var thread))
            {
                return (part, thread);
            }
        }

        return null;
    }
}
