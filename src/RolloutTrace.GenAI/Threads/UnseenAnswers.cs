using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Threads;

/// <summary>
/// The threads whose last answer may have asked for calls that nobody can see, since content is not captured. A call without anything that tells whose it is belongs to
/// the nearest of them in its trace, and so does the request behind it; where they are alone, to the only one.
/// </summary>
internal sealed class UnseenAnswers
{
    private const int MaxThreads = 1_024;

    private readonly LinkedList<KnownThread> threads = new();

    /// <summary>A thread has got an answer.</summary>
    public void Answered(KnownThread thread, ChatReading answer)
    {
        if (thread.Unseen != UnseenAnswer.None)
        {
            threads.Remove(thread);
            thread.Unseen = UnseenAnswer.None;
        }

        if (answer.Content is not { IsCaptured: false } || (answer.FinishReasons.Count > 0 && !answer.AsksForTool && !answer.FinishReasons.All(IsUnknown)))
        {
            return;
        }

        thread.Unseen = answer.AsksForTool ? UnseenAnswer.Asks : UnseenAnswer.MayAsk;
        threads.AddLast(thread);
        if (threads.Count > MaxThreads)
        {
            threads.RemoveFirst();
        }
    }

    /// <summary>The thread that a call is of; null if that is not known.</summary>
    public KnownThread? OfCall(SpanReading tool) =>
        tool.Tool is { CallId: null, Arguments: null } && Nearest(tool, static _ => true) is { } thread ? thread : null;

    /// <summary>The thread that a request without content goes on with, since calls have been carried out there; null if none is known.</summary>
    public KnownThread? OfRequest(SpanReading request, IReadOnlyList<string> agentKeys) =>
        Nearest(request, thread => thread.Unseen == UnseenAnswer.CarriedOut && thread.RunningRequests == 0 && thread.AgentKeys.Intersect(agentKeys, StringComparer.Ordinal).Any());

    private KnownThread? Nearest(SpanReading span, Func<KnownThread, bool> isMeant)
    {
        var known = threads.Where(thread => thread.Service == span.Service && thread.Rollout is { HasEnded: false } && isMeant(thread)).ToList();
        var near = known.Where(thread => thread.LastRequest.NearnessOf(span.Span) > 0).MaxBy(thread => (thread.LastRequest.NearnessOf(span.Span), thread.LastSeen));
        return near ?? (RequestPlace.Of(span.Span).IsAlone && known is [{ LastRequest.IsAlone: true } only] ? only : null);
    }

    private static bool IsUnknown(string reason) => reason.Length == 0 || reason.Equals("N/A", StringComparison.OrdinalIgnoreCase) || reason.Equals("null", StringComparison.OrdinalIgnoreCase);
}
