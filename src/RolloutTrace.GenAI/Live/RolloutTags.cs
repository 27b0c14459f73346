using System.Diagnostics;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Live;

/// <summary>Tells a span of somebody else what it is in a rollout.</summary>
internal static class RolloutTags
{
    public static void Set(Activity activity, SpanNode node)
    {
        if (node.In is not { Thread: { Rollout: { Rollout.IsRecorded: true } rollout } thread } turn)
        {
            return;
        }

        activity.SetTag(RolloutAttributes.Id, rollout.Rollout.RolloutId);
        activity.SetTag(RolloutAttributes.Thread.Id, thread.ThreadId);
        activity.SetTag(RolloutAttributes.Turn.Id, turn.TurnId);
        if (node.Turn is not null && rollout.Rollout.BundleName is { } bundle)
        {
            activity.SetTag(RolloutAttributes.Bundle, bundle);
        }

        switch (node.Role)
        {
            case SpanRole.Chat when node.HasStarted && node.Id.Length > 0:
                activity.SetTag(CompactionRecorder.Above(node) is null ? RolloutAttributes.Inference.Id : RolloutAttributes.Compaction.RequestId, node.Id);
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

    private static void Link(Activity activity, string kind, SpanKey? target)
    {
        if (target is { } span)
        {
            activity.SetTag(RolloutAttributes.Link.Prefix + kind, $"{span.TraceId}-{span.SpanId}");
        }
    }
}
