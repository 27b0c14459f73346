using System.Diagnostics;
using RolloutTrace.Spans;

namespace RolloutTrace.Callers;

/// <summary>
/// Who calls from another process, as the span that is current tells it: the outermost span of this process has its parent elsewhere.
/// </summary>
internal static class AmbientCaller
{
    private const string Property = "RolloutTrace.Caller";

    /// <summary>The caller; null if nothing is current, or what is current has begun in this process.</summary>
    /// <param name="current">The span; null for none.</param>
    public static RolloutCaller? Find(Activity? current)
    {
        var outermost = Outermost(current);
        if (outermost is null || !IsCalled(outermost))
        {
            return null;
        }

        var context = new ActivityContext(outermost.TraceId, outermost.ParentSpanId, outermost.ActivityTraceFlags, outermost.TraceStateString, isRemote: true);
        var ids = CallerBaggage.Parse(TakeIds(outermost));
        return new RolloutCaller(context, ids?.RolloutId, ids?.ThreadId, ids?.ToolCallId);
    }

    // Null as well for what is inside of a rollout of this process.
    private static Activity? Outermost(Activity? current)
    {
        Activity? outermost = null;
        for (var ancestor = CurrentSpan.Running(current); ancestor is not null; ancestor = ancestor.Parent)
        {
            if (RolloutHandle.Of(ancestor) is not null)
            {
                return null;
            }

            outermost = ancestor;
        }

        return outermost;
    }

    // A span without a source, and one that receives, may not know that the parent which it was given is elsewhere.
    private static bool IsCalled(Activity outermost) =>
        outermost is { IdFormat: ActivityIdFormat.W3C, Parent: null } && outermost.ParentSpanId != default
        && (outermost.HasRemoteParent || outermost.Kind is ActivityKind.Server or ActivityKind.Consumer || outermost.Source.Name.Length == 0);

    // The ids are this process's caller's. Left in the baggage they would reach whomever this process calls.
    private static string? TakeIds(Activity outermost)
    {
        if (outermost.GetCustomProperty(Property) is string known)
        {
            return known;
        }

        var ids = outermost.GetBaggageItem(CallerBaggage.Key);
        if (ids is not null)
        {
            outermost.SetCustomProperty(Property, ids);
            outermost.SetBaggage(CallerBaggage.Key, null);
        }

        return ids;
    }
}
