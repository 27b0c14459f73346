using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Threads;

/// <summary>
/// The threads that are remembered, and the ways to find one: by what names it, by a response, by its history.
/// What was not seen for longest is forgotten first.
/// </summary>
internal sealed class ThreadTable
{
    private const int MaxResponses = 65_536;
    private const int MaxCandidates = 64;

    private readonly GenAIThreadOptions options;
    private readonly RememberedThreads remembered;
    private readonly Dictionary<HistoryKey, List<KnownThread>> histories = [];
    private readonly Dictionary<string, KnownThread> responses = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, KnownThread> summaries = [];

    public ThreadTable(GenAIThreadOptions options)
    {
        this.options = options;
        remembered = new RememberedThreads(options, Unindex);
    }

    public int Count => remembered.Count;

    /// <summary>The calls that wait to be carried out.</summary>
    public WaitingCalls Calls { get; } = new();

    /// <summary>The answers that may ask for calls, and do not tell which.</summary>
    public UnseenAnswers Unseen { get; } = new();

    /// <summary>The thread with an id that is made from what names it; null if it is not remembered.</summary>
    public KnownThread? Find(string threadId) => remembered.Find(threadId);

    /// <summary>The thread whose model gave a response.</summary>
    public KnownThread? OfResponse(string responseId) => responses.GetValueOrDefault(responseId);

    /// <inheritdoc cref="RememberedThreads.Add"/>
    public KnownThread? Add(KnownThread thread, DateTimeOffset now) => remembered.Add(thread, now);

    /// <inheritdoc cref="RememberedThreads.Saw"/>
    public void Saw(KnownThread thread, DateTimeOffset now) => remembered.Saw(thread, now);

    /// <summary>A model has answered: that is the history from which its thread can be known again.</summary>
    public void Answered(KnownThread thread, IReadOnlyList<ModelItem> history, string? responseId, ForeignSpan request)
    {
        Unindex(thread);
        thread.LastRequest = RequestPlace.Of(request);
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
            Index(thread, new HistoryKey(agent, whole, HistoryPart.Whole));
            Index(thread, new HistoryKey(agent, last.Hash, HistoryPart.End));
        }

        foreach (var agent in thread.OuterKeys)
        {
            Index(thread, new HistoryKey(agent, whole, HistoryPart.Whole));
        }

        if (HistoryHash.OfFirstMessages(history) is { } beginning)
        {
            Index(thread, new HistoryKey(thread.Service, beginning, HistoryPart.Beginning));
        }
    }

    /// <summary>
    /// A turn's model has said something before its last answer, and called a tool between: a program that reads it as one stream may keep it as one text, or the last of it
    /// alone, behind what the turn was given or behind the calls.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="words">What was said of it.</param>
    /// <param name="before">What the program may keep before it.</param>
    public void SaidInOne(KnownThread thread, string words, params IEnumerable<IReadOnlyList<ModelItem>> before)
    {
        foreach (var hash in before.Select(history => HistoryHash.WithWords(HistoryHash.Of(history), words)).Distinct())
        {
            foreach (var agent in thread.AgentKeys)
            {
                Index(thread, new HistoryKey(agent, hash, HistoryPart.Joined));
            }
        }
    }

    /// <summary>
    /// A turn was left or has failed. A program may go on from what that turn was given, without what came of it, or from what was there
    /// before it, without its question, until a model answers again.
    /// </summary>
    public void Left(KnownThread thread, IReadOnlyList<ModelItem> given)
    {
        var answered = given.Count - 1;
        while (answered >= 0 && !given[answered].IsAnswer)
        {
            answered--;
        }

        if (answered < 0)
        {
            return;
        }

        var beginnings = HistoryHash.Beginnings(given);
        foreach (var agent in thread.AgentKeys)
        {
            Index(thread, new HistoryKey(agent, beginnings[^1], HistoryPart.Whole));
            Index(thread, new HistoryKey(agent, beginnings[answered], HistoryPart.BeforeLeft));
        }
    }

    /// <summary>The first turn of a thread has failed: until a model answers, a program may try it once more.</summary>
    public void Failed(KnownThread thread, ChatContent asked, ForeignSpan turn)
    {
        if (HistoryHash.OfRequest(asked) is not { } hash)
        {
            return;
        }

        thread.Failed = RequestPlace.Of(turn);
        foreach (var agent in thread.AgentKeys)
        {
            var key = new HistoryKey(agent, hash, HistoryPart.Failed);
            if (!thread.IndexedAs.Contains(key))
            {
                Index(thread, key);
            }
        }
    }

    /// <summary>A summary of the thread's history was made, with which it will go on.</summary>
    public void Summarised(KnownThread thread, Summary summary)
    {
        Bound(summaries, MaxResponses);
        thread.Summary = summary;
        summaries[summary.Hash] = thread;
    }

    /// <summary>The thread whose history was summed up by one of the first items of a request; null if none was.</summary>
    public KnownThread? OfSummary(IReadOnlyList<ModelItem> input)
    {
        for (var i = 0; i < input.Count && i < Summary.LooksAt; i++)
        {
            if (input[i].Kind == ItemKind.Message && summaries.GetValueOrDefault(HistoryHash.OfText(input[i].Text)) is { RunningRequests: 0 } thread)
            {
                return thread;
            }
        }

        return null;
    }

    /// <summary>The threads of any agent whose conversation has the first messages that a request has, the latest first.</summary>
    public IEnumerable<KnownThread> WithFirstMessages(string service, IReadOnlyList<ModelItem> input) =>
        HistoryHash.OfFirstMessages(input) is { } hash && histories.TryGetValue(new HistoryKey(service, hash, HistoryPart.Beginning), out var found)
            ? Enumerable.Reverse(found).Take(MaxCandidates)
            : [];

    /// <summary>
    /// The thread of the agent whose whole conversation a request begins with; of several the one with the longest, of those the one
    /// whose last request was nearest, of those the latest. One in the middle of a request does not go on yet.
    /// </summary>
    public KnownThread? WithBeginning(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, ForeignSpan first)
    {
        var beginnings = HistoryHash.Beginnings(input);
        foreach (var agent in agentKeys)
        {
            for (var i = input.Count - 1; i >= 0; i--)
            {
                if (input[i].IsCompared && Latest(new HistoryKey(agent, beginnings[i], HistoryPart.Whole), first) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>The thread of the agent that a request goes on with, where the program has made one text of what the model said around calls, or kept its end; of several as <see cref="WithBeginning"/> has it.</summary>
    public KnownThread? WithJoinedAnswer(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, ForeignSpan first)
    {
        var last = input.Count - 1;
        while (last >= 0 && !input[last].IsAnswer)
        {
            last--;
        }

        if (last < 0 || input[last].Kind != ItemKind.Message)
        {
            return null;
        }

        var hash = HistoryHash.WithWords(HistoryHash.Of([.. input.Take(last)]), input[last].Text);
        return agentKeys.Select(agent => Latest(new HistoryKey(agent, hash, HistoryPart.Joined), first)).FirstOrDefault(static found => found is not null);
    }

    /// <summary>
    /// The thread of the agent whose last turn was left or has failed, where a request asks something else in the place of that turn's
    /// question; of several as <see cref="WithBeginning"/> has it.
    /// </summary>
    public KnownThread? WithoutLeftQuestion(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, ForeignSpan first)
    {
        var beginnings = HistoryHash.Beginnings(input);
        foreach (var agent in agentKeys)
        {
            for (var i = input.Count - 1; i >= 0; i--)
            {
                if (input[i].IsAnswer)
                {
                    if (Latest(new HistoryKey(agent, beginnings[i], HistoryPart.BeforeLeft), first) is { } found)
                    {
                        return found;
                    }

                    break;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The thread of the agent whose first turn has failed where a request asks the very same, while its rollout runs: of several the nearest. What was asked
    /// inside other work, such as another user's, is not tried once more there; where nothing is around either, one alone has failed.
    /// </summary>
    public KnownThread? TriedAgain(IReadOnlyList<string> agentKeys, ChatContent asked, ForeignSpan first)
    {
        if (HistoryHash.OfRequest(asked) is not { } hash)
        {
            return null;
        }

        foreach (var agent in agentKeys)
        {
            if (!histories.TryGetValue(new HistoryKey(agent, hash, HistoryPart.Failed), out var failed))
            {
                continue;
            }

            var known = Enumerable.Reverse(failed).Take(MaxCandidates).Where(thread => thread.Rollout is { HasEnded: false } && CanGoOn(thread, first.Start)).ToList();
            if (known.Where(thread => thread.Failed.NearnessOf(first) > 0).MaxBy(thread => (thread.Failed.NearnessOf(first), thread.LastSeen)) is { } near)
            {
                return near;
            }

            if (RequestPlace.Of(first).IsAlone && known is [{ Failed.IsAlone: true } only])
            {
                return only;
            }
        }

        return null;
    }

    /// <summary>
    /// The thread of the agent the end of whose conversation a request has, as it does when the beginning was replaced by a summary or
    /// left out; of several the one of which most is left.
    /// </summary>
    /// <param name="agentKeys">Who the agent is.</param>
    /// <param name="input">What the request shows.</param>
    /// <param name="from">The first item that may be that end.</param>
    /// <param name="first">The span with which its turn began.</param>
    public KnownThread? WithEnd(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, int from, ForeignSpan first)
    {
        foreach (var agent in agentKeys)
        {
            for (var i = input.Count - 1; i >= from; i--)
            {
                if (input[i].IsCompared && Latest(new HistoryKey(agent, input[i].Hash, HistoryPart.End), first) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The thread of the agent with the end of whose conversation a request begins, calls that were left out aside; of several the
    /// latest.
    /// </summary>
    public KnownThread? WithRest(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, DateTimeOffset now)
    {
        foreach (var agent in agentKeys)
        {
            for (var i = input.Count - 1; i > 0; i--)
            {
                if (input[i].IsCompared && histories.TryGetValue(new HistoryKey(agent, input[i].Hash, HistoryPart.End), out var ending)
                    && Enumerable.Reverse(ending).Take(MaxCandidates).FirstOrDefault(thread => CanGoOn(thread, now) && ShorterHistory.BeginsWithEnd(input, thread.History)) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The thread of the agent that a request goes on with, where the program keeps less of a question than it has shown. Where several are
    /// equal nobody knows which it is.
    /// </summary>
    public KnownThread? WithShorterQuestion(IReadOnlyList<string> agentKeys, IReadOnlyList<ModelItem> input, DateTimeOffset now)
    {
        if (input.LastOrDefault(static item => item.IsAnswer) is not { Kind: ItemKind.Message } last)
        {
            return null;
        }

        foreach (var agent in agentKeys)
        {
            if (histories.TryGetValue(new HistoryKey(agent, last.Hash, HistoryPart.End), out var ending)
                && Enumerable.Reverse(ending).Take(MaxCandidates).Where(thread => CanGoOn(thread, now) && ShorterQuestion.GoesOn(input, thread.History)).Distinct().ToList() is { Count: > 0 } found)
            {
                return found.Count == 1 ? found[0] : null;
            }
        }

        return null;
    }

    private KnownThread? Latest(HistoryKey key, ForeignSpan first) => histories.TryGetValue(key, out var found)
        ? found.Where(thread => CanGoOn(thread, first.Start)).MaxBy(thread => (thread.LastRequest.NearnessOf(first), thread.LastSeen))
        : null;

    private bool CanGoOn(KnownThread thread, DateTimeOffset now) => thread.RunningRequests == 0 && now - thread.LastSeen <= options.Memory;

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

    private static void Bound<TKey, TValue>(Dictionary<TKey, TValue> table, int most)
        where TKey : notnull
    {
        if (table.Count >= most)
        {
            table.Clear();
        }
    }
}
