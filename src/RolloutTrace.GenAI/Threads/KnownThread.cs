using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Threads;

/// <summary>A thread that is remembered: what its model has seen, so that it can go on.</summary>
internal sealed class KnownThread(string threadId, string agentPath, KnownThread? parent)
{
    private const int MaxCalls = 1024;

    public string ThreadId { get; } = threadId;

    public string AgentPath { get; } = agentPath;

    /// <summary>The thread that spawned it; null for a root.</summary>
    public KnownThread? Parent { get; } = parent;

    public KnownThread Root => Parent?.Root ?? this;

    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>The names of the threads that it has spawned.</summary>
    public ChildNames Children { get; } = new();

    /// <summary>Who the agent is: its id, its name, or the service and model. Empty where nothing is told.</summary>
    public IReadOnlyList<string> AgentKeys { get; set; } = [];

    /// <summary>Who the agent is below the one that has called it, whichever of its threads that was.</summary>
    public IReadOnlyList<string> OuterKeys { get; init; } = [];

    /// <summary>The service whose thread it is.</summary>
    public string Service { get; init; } = string.Empty;

    /// <summary>How it was found out whose spans they are.</summary>
    public ThreadRule Rule { get; init; }

    public string? ConversationId { get; init; }

    /// <summary>The rollout that records it now; null if none does.</summary>
    public RolloutState? Rollout { get; set; }

    public TurnState? LastTurn { get; set; }

    public int RunningRequests { get; set; }

    /// <summary>What the model has seen up to its last answer, that included.</summary>
    public IReadOnlyList<ModelItem> History { get; set; } = [];

    /// <summary>Where its last request was that was answered.</summary>
    public RequestPlace LastRequest { get; set; }

    /// <summary>Where its first turn was, if that has failed.</summary>
    public RequestPlace Failed { get; set; }

    /// <summary>Hash of what its last request was told to do, where that stands apart; null if nothing does.</summary>
    public UInt128? Instructions { get; set; }

    /// <summary>The same, and what its messages told it to do; null if nothing does.</summary>
    public UInt128? Told { get; set; }

    /// <summary>Whether its last request offered tools.</summary>
    public bool HadTools { get; set; }

    /// <summary>A summary of its history that no request has shown yet; null if there is none.</summary>
    public Summary? Summary { get; set; }

    /// <summary>What the last answer was given, by the provider's id; null if it had none.</summary>
    public string? LastResponseId { get; set; }

    /// <summary>The calls of answers that no tool call has carried out yet, in order.</summary>
    public LinkedList<OpenCall> OpenCalls { get; } = new();

    /// <summary>Whether its last answer asks for calls, where that has no content.</summary>
    public UnseenAnswer Unseen { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Under which keys of the history's index it stands.</summary>
    public List<HistoryKey> IndexedAs { get; } = [];

    public void AddCall(OpenCall call)
    {
        OpenCalls.AddLast(call);
        if (OpenCalls.Count > MaxCalls)
        {
            OpenCalls.RemoveFirst();
        }
    }
}
