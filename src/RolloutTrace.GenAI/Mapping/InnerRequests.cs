using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>
/// Tells requests inside the span of another one that are its own work, as where a client around another has a span too, from those that
/// a call carried out there has sent, where no span of the call's stands between.
/// </summary>
internal static class InnerRequests
{
    /// <summary>Whether a request inside another one is that of a call: while a call waits, it shows nothing that the conversation has.</summary>
    /// <param name="request">The request, and by now what it says.</param>
    /// <param name="outer">The one that it is inside of.</param>
    /// <param name="thread">The conversation of that one; null while it is not known.</param>
    public static bool IsOfCall(SpanNode request, SpanNode outer, KnownThread? thread)
    {
        var (inner, around) = (request.Reading.Chat!.Content, outer.Reading.Chat!.Content);
        if (inner.Input.Count == 0 || around.Input.Count == 0 || inner.InputDefect is not null || around.InputDefect is not null || request.Reading.Chat.PreviousResponseId is not null)
        {
            return false;
        }

        // Of one that has ended all rounds are known, of one that has not those that were requests inside it.
        var isCallWaiting = AnswerRound.In(around.Output).Count > 1 || (outer.IsAround && thread is { OpenCalls.Count: > 0 });
        if (!isCallWaiting)
        {
            return false;
        }

        var known = around.Input.Concat(around.Output).Concat(outer.IsAround && thread is not null ? thread.History : []).Where(static item => item.IsCompared).Select(static item => item.Hash).ToHashSet();
        return !inner.Input.Concat(inner.Output).Any(item => item.IsCompared && known.Contains(item.Hash));
    }
}
