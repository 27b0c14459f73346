using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Threads;

/// <summary>
/// The threads that are remembered, and the ways to find one: by what names it, by a response, by its history, by a call that waits.
/// What was not seen for longest is forgotten first.
/// </summary>
internal sealed class ThreadTable(GenAIThreadOptions options)
{
    private const int MaxResponses = 65_536;

    private readonly Dictionary<string, LinkedListNode<KnownThread>> threads = new(StringComparer.Ordinal);
    private readonly LinkedList<KnownThread> byAge = new();
    private readonly Dictionary<HistoryKey, List<KnownThread>> histories = [];
    private readonly Dictionary<string, KnownThread> responses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownThread> openCalls = new(StringComparer.Ordinal);

    public int Count => threads.Count;

    /// <summary>The thread with an id that is made from what names it; null if it is not remembered.</summary>
    public KnownThread? Find(string threadId) => threads.TryGetValue(threadId, out var node) ? node.Value : null;

    /// <summary>The thread whose model gave a response.</summary>
    public KnownThread? OfResponse(string responseId) => responses.GetValueOrDefault(responseId);

    /// <summary>The thread whose model waits for a call.</summary>
    public KnownThread? OfOpenCall(string callKey) => openCalls.GetValueOrDefault(callKey);

    public void Add(KnownThread thread, DateTimeOffset now)
    {
        thread.LastSeen = now;
        threads[thread.ThreadId] = byAge.AddLast(thread);
        Forget(now);
    }

    /// <summary>The thread was seen: it is not the next to be forgotten.</summary>
    public void Saw(KnownThread thread, DateTimeOffset now)
    {
        thread.LastSeen = now > thread.LastSeen ? now : thread.LastSeen;
        if (threads.TryGetValue(thread.ThreadId, out var node))
        {
            byAge.Remove(node);
            byAge.AddLast(node);
        }
    }

    /// <summary>A model has answered: that is the history from which its thread can be known again.</summary>
    public void Answered(KnownThread thread, IReadOnlyList<ModelItem> history, string? responseId)
    {
        Unindex(thread);
        thread.History = history;
        thread.LastResponseId = responseId;
        if (responseId is not null)
        {
            Bound(responses, MaxResponses);
            responses[responseId] = thread;
        }

        if (history.LastOrDefault(static item => item.IsCompared) is not { } last || !history.Any(static item => item.IsAnswer))
        {
            return;
        }

        var whole = HistoryHash.Of(history);
        foreach (var agent in thread.AgentKeys)
        {
            Index(thread, new HistoryKey(agent, whole, IsWhole: true));
            Index(thread, new HistoryKey(agent, last.Hash, IsWhole: false));
        }
    }

    /// <summary>A call waits to be carried out, which may happen where nothing else tells whose it is.</summary>
    public void Waits(KnownThread thread, string callKey)
    {
        Bound(openCalls, MaxResponses);
        openCalls[callKey] = thread;
    }

    public void IsCarriedOut(string callKey) => openCalls.Remove(callKey);

    /// <summary>
    /// The thread of the agent whose whole conversation a request begins with; of several the one with the longest, of those the
    /// latest. One in the middle of a request does not go on yet.
    /// </summary>
    public KnownThread? WithBeginning(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, DateTimeOffset now)
    {
        var beginnings = HistoryHash.Beginnings(input);
        foreach (var agent in agentKeys)
        {
            for (var i = input.Count - 1; i >= 0; i--)
            {
                if (input[i].IsCompared && Latest(new HistoryKey(agent, beginnings[i], IsWhole: true), now) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The thread of the agent the end of whose conversation a request has after something new, as it does when the beginning was
    /// replaced by a summary; of several the one of which most is left.
    /// </summary>
    public KnownThread? WithEnd(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, DateTimeOffset now)
    {
        foreach (var agent in agentKeys)
        {
            for (var i = input.Count - 1; i > 0; i--)
            {
                if (input[i].IsCompared && Latest(new HistoryKey(agent, input[i].Hash, IsWhole: false), now) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private KnownThread? Latest(HistoryKey key, DateTimeOffset now) => histories.TryGetValue(key, out var found)
        ? found.Where(thread => thread.RunningRequests == 0 && now - thread.LastSeen <= options.Memory).MaxBy(static thread => thread.LastSeen)
        : null;

    private void Index(KnownThread thread, HistoryKey key)
    {
        if (!histories.TryGetValue(key, out var list))
        {
            histories[key] = list = [];
        }

        list.Add(thread);
        thread.IndexedAs.Add(key);
    }

    private void Unindex(KnownThread thread)
    {
        foreach (var key in thread.IndexedAs)
        {
            if (histories.TryGetValue(key, out var list) && list.Remove(thread) && list.Count == 0)
            {
                histories.Remove(key);
            }
        }

        thread.IndexedAs.Clear();
    }

    // A thread in a rollout that still runs is not forgotten: more of it will come.
    private void Forget(DateTimeOffset now)
    {
        for (var node = byAge.First; node is not null && (threads.Count > options.MaxThreads || now - node.Value.LastSeen > options.Memory);)
        {
            var next = node.Next;
            if (node.Value.Rollout is null || threads.Count > 2 * options.MaxThreads)
            {
                Unindex(node.Value);
                threads.Remove(node.Value.ThreadId);
                byAge.Remove(node);
            }

            node = next;
        }
    }

    private static void Bound(Dictionary<string, KnownThread> table, int most)
    {
        if (table.Count >= most)
        {
            table.Clear();
        }
    }
}
