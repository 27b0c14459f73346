using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>A turn, which exists in a rollout once it is known whose it is.</summary>
internal sealed class TurnState(SpanNode? node, string turnId)
{
    /// <summary>The span that the turn is; null for a turn that somebody else records.</summary>
    public SpanNode? Node { get; } = node;

    public string TurnId { get; } = turnId;

    /// <summary>Null until it is known.</summary>
    public KnownThread? Thread { get; set; }

    /// <summary>The turn that this one was started from; null if it is nobody's.</summary>
    public TurnState? Parent { get; set; }

    /// <summary>The call that brought it about; null if none did.</summary>
    public SpanNode? Tool { get; init; }

    /// <summary>The conversation that the first request to name one is of, in a turn that is only around requests.</summary>
    public string? Conversation { get; set; }

    /// <summary>Of what is around several agents: whether one of them goes on with a conversation of its own, so that it is nobody's turn.</summary>
    public bool IsDissolved { get; set; }

    /// <summary>Whether the turn has to be told of its end by its own handle.</summary>
    public bool IsExternal { get; init; }

    /// <summary>The call by which the agent that worked last in this turn has handed the work on; null if it has not.</summary>
    public string? HandOff { get; set; }

    /// <summary>What its first request was given, where its thread had an answer before; else null.</summary>
    public IReadOnlyList<ModelItem>? Given { get; set; }

    /// <summary>Its first request, until it ends.</summary>
    public SpanNode? First { get; set; }

    /// <summary>Whether it asks once more what its thread's first turn had asked, which failed.</summary>
    public bool IsTriedAgain { get; set; }

    public bool HasEnded { get; set; }

    public bool HasRequests { get; set; }

    /// <summary>Whether any of its requests says what was said in it.</summary>
    public bool HasContent { get; set; }

    /// <summary>The thread that something in it belongs to before its first request: a summary of it, or an agent that was called there.</summary>
    public KnownThread? Continues { get; set; }

    /// <summary>The thread that may have asked for a call with which it begins; what its first request shows is surer.</summary>
    public KnownThread? Awaited { get; set; }

    /// <summary>The last request that ended, of those that answered.</summary>
    public SpanNode? LastAnswered { get; set; }

    /// <summary>How the last request that ended came to its end: that of a turn which says nothing of its own.</summary>
    public SpanOutcome? LastOutcome { get; set; }

    /// <summary>What has to wait until it is known whose turn it is: requests of compactions and calls of tools, before the first request of the turn's own.</summary>
    public List<SpanNode> Waiting { get; } = [];

    /// <summary>Compactions that are done and not seen yet in a request.</summary>
    public List<SpanNode> Compactions { get; } = [];

    /// <summary>What the turn's last request was answered with, in words.</summary>
    public string? Answer { get; set; }
}
