using System.Diagnostics;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Live;

/// <summary>Tells a span of somebody else what it is in a rollout.</summary>
internal static class RolloutTags
{
    private const string FirstAttempt = "0";

    /// <summary>Tells it to a span that has been read.</summary>
    public static void Set(Activity activity, SpanNode node)
    {
        if (node.In is not { Thread.Rollout.Rollout: { IsRecorded: true } rollout } turn)
        {
            return;
        }

        SetPlace(activity, turn, rollout);
        if (node.Turn is not null && rollout.BundleName is { } bundle)
        {
            activity.SetTag(RolloutAttributes.Bundle, bundle);
        }

        switch (node.Role)
        {
            case SpanRole.Chat when node.HasStarted && node.Id.Length > 0:
                activity.SetTag(CompactionRecorder.Above(node) is null && node.SumsUp is null ? RolloutAttributes.Inference.Id : RolloutAttributes.Compaction.RequestId, node.Id);
                break;
            case SpanRole.Tool when node.HasStarted && node.Id.Length > 0:
                activity.SetTag(RolloutAttributes.Tool.Id, node.Id);
                Link(activity, RolloutLinkKinds.CausedBy, node.AskedBy);
                break;
            case SpanRole.Compaction when node.Id.Length > 0:
                activity.SetTag(RolloutAttributes.Compaction.Id, node.Id);
                break;
        }

        if (node.Turn is { Tool: { } tool })
        {
            Link(activity, RolloutLinkKinds.SpawnAgent, tool.Key);
        }
    }

    /// <summary>
    /// Tells it to a span that was taken and need not be read for that: what it is follows from what is known of those above it, and from
    /// its own ids.
    /// </summary>
    /// <returns>Whether that is so.</returns>
    public static bool TrySetUnread(Activity activity, TakenSpan taken)
    {
        if (taken.Place.Node is { } known)
        {
            return TrySetKnown(activity, taken.Place, known);
        }

        // One request right below something that is in a turn, and tried once. After an answer in words it may be one for a summary.
        if (taken.Place.HasBelow || taken.Place.HttpRequests > 1 || taken.Above is not [{ Place.Node: { Role: SpanRole.Agent or SpanRole.Wrapper or SpanRole.Workflow } above }]
            || above is { IsRecorded: true } || (above.Turn ?? above.In) is not { HasEnded: false, Thread.Rollout: { HasEnded: false } state } turn || !IsRequest(activity)
            || (turn.Answer is not null && MayAskForSummary(activity)))
        {
            return false;
        }

        if (state.Rollout.IsRecorded)
        {
            SetPlace(activity, turn, state.Rollout);
            activity.SetTag(RolloutAttributes.Inference.Id, RequestRecorder.IdOf(new SpanKey(taken.Span.TraceId, taken.Span.SpanId), FirstAttempt));
        }

        return true;
    }

    // Something below it has started, so it has been read in part.
    private static bool TrySetKnown(Activity activity, ActivityPlace place, SpanNode node)
    {
        var isEnough = node.In?.Thread?.Rollout is not null && node.Role switch
        {
            SpanRole.Agent or SpanRole.Workflow or SpanRole.Wrapper => true,
            SpanRole.Tool => node.HasStarted,
            SpanRole.Chat => node.HasStarted && !place.HasBelow && place.HttpRequests < 2,
            _ => false,
        };
        if (isEnough)
        {
            Set(activity, node);
        }

        return isEnough;
    }

    private static bool IsRequest(Activity activity)
    {
        string? operation = null;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Key == RolloutAttributes.GenAI.OperationName)
            {
                operation = tag.Value as string;
            }
        }

        return operation is "chat" or "text_completion" or "generate_content";
    }

    // What nobody has read yet cannot be a request for a summary if it offers tools, or says none of the words.
    private static bool MayAskForSummary(Activity activity)
    {
        if (activity.EnumerateEvents().MoveNext())
        {
            return true;
        }

        var mayAsk = false;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Key == RolloutAttributes.GenAI.ToolDefinitions)
            {
                return false;
            }

            mayAsk = mayAsk || (tag.Value is string text && tag.Key switch
            {
                RolloutAttributes.GenAI.InputMessages => SummaryRequests.MayAskIn(text),
                RolloutAttributes.GenAI.OutputMessages => false,
                _ => SummaryRequests.MayAskFor(text),
            });
        }

        return mayAsk;
    }

    private static void SetPlace(Activity activity, TurnState turn, Rollout rollout)
    {
        activity.SetTag(RolloutAttributes.Id, rollout.RolloutId);
        activity.SetTag(RolloutAttributes.Thread.Id, turn.Thread!.ThreadId);
        activity.SetTag(RolloutAttributes.Turn.Id, turn.TurnId);
    }

    private static void Link(Activity activity, string kind, SpanKey? target)
    {
        if (target is { } span)
        {
            activity.SetTag(RolloutAttributes.Link.Prefix + kind, $"{span.TraceId}-{span.SpanId}");
        }
    }
}
