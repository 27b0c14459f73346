using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Compactions;
using RolloutTrace.Payloads;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>One thread of an agent as the middleware knows it: its session, and the calls that wait for their results. Safe for concurrent use.</summary>
internal sealed class Conversation
{
    private static readonly ConditionalWeakTable<AgentSession, Conversation> BySession = [];

    private readonly Lock gate = new();
    private readonly Dictionary<string, PendingCall> calls = new(StringComparer.Ordinal);
    private readonly ChildNames childNames = new();
    private readonly Dictionary<string, Conversation> children = new(StringComparer.Ordinal);
    private const int MaxKeys = 1024;

    private AgentSession? session;
    private IReadOnlyList<MessageKey> latest = [];
    private HashSet<UInt128> told = [];
    private int runningTurns;

    /// <param name="agent">What tells its agent from others.</param>
    /// <param name="id">The id by which the caller names it; null if it has none.</param>
    public Conversation(string agent, string? id)
    {
        Agent = agent;
        Id = id;
        Chain = HistoryChain.Begin(agent);
    }

    public string Agent { get; }

    public string? Id { get; }

    /// <summary>The session that runs; null if there is none now.</summary>
    public AgentSession? Session => session;

    /// <summary>Whether a turn runs.</summary>
    public bool IsBusy => Volatile.Read(ref runningTurns) > 0;

    /// <summary>Its history. Guarded by the table.</summary>
    public HistoryChain Chain { get; set; }

    /// <summary>How many answers its model has given. Guarded by the table.</summary>
    public int Answers { get; set; }

    /// <summary>When it was last used. Guarded by the table.</summary>
    public DateTimeOffset LastUse { get; set; }

    /// <summary>Whether its latest turn failed or was cancelled, or ended in a call.</summary>
    public bool WasGivenUp { get; set; }

    /// <summary>What its model was told last. Guarded by the table.</summary>
    public Told Told { get; set; }

    /// <summary>What users said last in the latest request that was answered. Guarded by the table.</summary>
    public KeptQuestion Question { get; set; }

    /// <summary>Its history when its latest turn began. Guarded by the table.</summary>
    public HistoryChain ChainBefore { get; set; }

    /// <summary>What its latest request has shown. Guarded by the table.</summary>
    public HistoryChain AskedChain { get; set; }

    /// <summary>What its model was shown last.</summary>
    public ShownHistory Shown { get; } = new();

    /// <summary>The latest summary of its history, as its model would have said it; empty if there is none.</summary>
    public IReadOnlySet<UInt128> Summary { get; set; } = new HashSet<UInt128>();

    /// <summary>The names of its latest answers' messages, by which it may be found. Guarded by the table.</summary>
    public Queue<string> AnswerIds { get; } = new();

    /// <summary>The latest response, which an incremental request continues; null if there was none.</summary>
    public string? LastResponseId { get; set; }

    /// <summary>The names of the latest responses, by which it may be found. Guarded by the table.</summary>
    public Queue<string> Responses { get; } = new();

    /// <summary>The name by which the service keeps the history; null if the caller sends it.</summary>
    public string? KeptByServiceAs { get; set; }

    /// <summary>Whether an id names its latest response, or where the service keeps its history.</summary>
    public bool StandsAt(string id) => id == KeptByServiceAs || id == LastResponseId;

    /// <summary>The conversation of a session, made now if the session is the caller's own.</summary>
    public static Conversation Of(AgentSession session) => BySession.GetValue(session, static s => new Conversation(s.AgentName, s.ThreadId) { session = s, EndsItself = false });

    /// <summary>The session, started now if none runs. It goes on under the id of the one before.</summary>
    public AgentSession Open(in AgentSessionOptions options)
    {
        lock (gate)
        {
            if (session is { IsEnabled: true })
            {
                return session;
            }

            var threadId = LastThreadId ?? options.ThreadId;
            session = RolloutTracing.StartSession(options with { ThreadId = threadId, WhenRecordingStops = CloseIfIdle });
            if (session.IsEnabled)
            {
                LastThreadId = session.ThreadId;
                BySession.AddOrUpdate(session, this);
            }

            return session;
        }
    }

    /// <summary>Whether its session ends here, and not where the program says it.</summary>
    public bool EndsItself { get; private set; } = true;

    /// <summary>Takes a session that was spawned for it.</summary>
    public void Take(AgentSession spawned)
    {
        session = spawned;
        if (spawned.IsEnabled)
        {
            BySession.AddOrUpdate(spawned, this);
        }
    }

    /// <summary>A name for a child's path, one that no other child of the agent has.</summary>
    public string NameOfChild(string agent)
    {
        lock (gate)
        {
            return childNames.Take(agent);
        }
    }

    /// <summary>The conversation of an agent that was handed work under a thread before; made now if none was. It ends with this one.</summary>
    public Conversation Child(string threadId, string agent)
    {
        lock (gate)
        {
            return children.TryGetValue(threadId, out var child) ? child : children[threadId] = new Conversation(agent, id: null);
        }
    }

    /// <summary>Its history is now another, or has gone on.</summary>
    public void Remember(IReadOnlyList<ChatMessage> history, bool isWhole)
    {
        var system = MessageKey.SetOf(history.Where(static message => message.Role == ChatRole.System));
        var others = MessageKey.Of(history);
        told = isWhole ? system : [.. told, .. system];
        latest = [.. (isWhole ? others : latest.Concat(others)).TakeLast(MaxKeys)];
    }

    /// <summary>Whether a request shows the rest of its history as it is now, told by the same system, and where in the request's other messages that ends.</summary>
    public bool IsRestOf(IReadOnlyList<ChatMessage> messages, IReadOnlyList<MessageKey> shown, out int end)
    {
        var rest = messages.All(message => message.Role != ChatRole.System || MessageKey.AreIn(told, message))
            ? ShorterHistory.Of(shown, latest, ShownHistory.MayBeginWithSummary(messages))
            : null;
        end = rest is null ? -1 : MessageKey.PlaceOf(messages, rest.Value.End);
        return rest is not null;
    }

    /// <summary>Whether calls and results that a request shows were made in it.</summary>
    public bool HasMade(IEnumerable<ChatMessage> messages)
    {
        HashSet<UInt128>? known = null;
        return MessageKey.Of(messages).All(key => key.IsSaid || (known ??= [.. latest.Select(static key => key.Hash)]).Contains(key.Hash));
    }

    /// <summary>Whether a request in the tool call that has spawned it goes on with it: nothing was answered yet, or it shows its whole history, or names it.</summary>
    public bool GoesOnWith(IReadOnlyList<ChatMessage> messages, string? conversationId)
    {
        if (IsBusy)
        {
            return false;
        }

        if (Answers == 0 || (conversationId is not null && StandsAt(conversationId)))
        {
            return true;
        }

        var chain = HistoryChain.Begin(Agent);
        return messages.Any(message => (chain = chain.After(message)) == Chain);
    }

    /// <summary>
    /// Whether a request asks for a summary: it shows nothing but what was shown or said in the conversation, or the summary before, and
    /// one instruction besides, first or last, that speaks of a summary.
    /// </summary>
    public bool IsToBeSummarised(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (!ShownHistory.MayAskForSummary(messages, options))
        {
            return false;
        }

        HashSet<UInt128> known = [.. latest.Select(static key => key.Hash), .. told, .. MessageKey.SetOf(Shown.History)];
        return known.Count > 0 && (IsInstruction(messages[^1], messages.Take(messages.Count - 1)) || IsInstruction(messages[0], messages.Skip(1)));

        bool IsInstruction(ChatMessage message, IEnumerable<ChatMessage> others) =>
            ShownHistory.IsInstruction(message) && !MessageKey.AreIn(known, message) && others.All(other => MessageKey.AreIn(known, other) || MessageKey.AreIn(Summary, other));
    }

    public void TurnStarted() => Interlocked.Increment(ref runningTurns);

    public void TurnEnded() => Interlocked.Decrement(ref runningTurns);

    /// <summary>The session ends as completed, unless a turn runs; a later turn starts another.</summary>
    public void CloseIfIdle()
    {
        AgentSession? ended = null;
        Conversation[] below = [];
        lock (gate)
        {
            if (!IsBusy)
            {
                below = [.. children.Values];
                children.Clear();
                (ended, session) = (session, null);
                calls.Clear();
                Shown.Forget();
            }
        }

        foreach (var child in below)
        {
            child.CloseIfIdle();
        }

        ended?.Complete();
    }

    /// <summary>The model has asked for a call. Returns the one with the same id whose result it was not shown, if there is one.</summary>
    public PendingCall? Asked(FunctionCallContent call, ModelRequest causedBy)
    {
        lock (gate)
        {
            if (calls.TryGetValue(call.CallId, out var before) && before.IsEarly)
            {
                before.IsEarly = false;
                return null;
            }

            calls[call.CallId] = new PendingCall(call, causedBy);
            return before;
        }
    }

    /// <summary>A call is being carried out, and the response that asked for it is told later.</summary>
    public void AskedEarly(PendingCall call)
    {
        lock (gate)
        {
            calls[call.Call.CallId] = call;
        }
    }

    /// <summary>A call was carried out that nobody was seen to ask for.</summary>
    public void CarriedOutBefore(FunctionCallContent call)
    {
        lock (gate)
        {
            calls.TryAdd(call.CallId, new PendingCall(call, causedBy: null) { HasRun = true });
        }
    }

    /// <summary>A call was asked for by the response that has asked for another one, and not seen there. Returns whether it is news.</summary>
    public bool AskedWith(string callId, FunctionCallContent call)
    {
        lock (gate)
        {
            return calls.TryGetValue(callId, out var seen) && calls.TryAdd(call.CallId, new PendingCall(call, seen.CausedBy));
        }
    }

    /// <summary>The call with an id that waits for somebody to carry it out; null if none does.</summary>
    public PendingCall? Waiting(string callId)
    {
        lock (gate)
        {
            return calls.TryGetValue(callId, out var call) && call.Handle is null ? call : null;
        }
    }

    /// <summary>Whether the response that asked for the call with an id is not known yet.</summary>
    public bool IsEarly(string callId)
    {
        lock (gate)
        {
            return calls.TryGetValue(callId, out var call) && call.IsEarly;
        }
    }

    /// <summary>Whether a call with an id waits for its result.</summary>
    public bool Knows(string callId)
    {
        lock (gate)
        {
            return calls.ContainsKey(callId);
        }
    }

    /// <summary>Takes the call whose result has come; null if none waits for it.</summary>
    public PendingCall? Answered(string callId)
    {
        lock (gate)
        {
            return calls.Remove(callId, out var call) ? call : null;
        }
    }

    /// <summary>The calls that hand the work to another agent and that nobody carries out here, with those that asked for them in a turn.</summary>
    public List<PendingCall> HandOffs(Turn turn)
    {
        lock (gate)
        {
            return [.. calls.Values.Where(call => call.Handle is null && call.IsHandOff && ReferenceEquals(call.CausedBy?.OwnTurn, turn))];
        }
    }

    /// <summary>Takes the calls of a turn that were carried out, or are being: no result of theirs will come in it.</summary>
    public List<PendingCall> Unanswered(Turn turn)
    {
        lock (gate)
        {
            var unanswered = calls.Values.Where(call => call.Handle is { } handle && ReferenceEquals(handle.Turn, turn)).ToList();
            foreach (var call in unanswered)
            {
                calls.Remove(call.Call.CallId);
            }

            return unanswered;
        }
    }

    private string? LastThreadId { get; set; }
}
