using System.Diagnostics;

namespace RolloutTrace.GenAI.Live;

/// <summary>
/// The activities that run, as far as they may matter, so that at the end of the program it is known what was going on. Those that
/// never end cost no more than the bound. Safe for concurrent use.
/// </summary>
internal sealed class OpenActivities
{
    private const int Most = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<Activity, LinkedListNode<Activity>> places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ActivitySpanId, Activity> byId = [];
    private readonly LinkedList<Activity> inOrder = new();

    public void Add(Activity activity)
    {
        lock (gate)
        {
            if (places.ContainsKey(activity))
            {
                return;
            }

            places[activity] = inOrder.AddLast(activity);
            byId[activity.SpanId] = activity;
            if (places.Count > Most)
            {
                Take(inOrder.First!.Value);
            }
        }
    }

    public void Remove(Activity activity)
    {
        lock (gate)
        {
            Take(activity);
        }
    }

    /// <summary>The one with these ids; null if it does not run, or does not matter.</summary>
    public Activity? Find(ActivityTraceId traceId, ActivitySpanId spanId)
    {
        lock (gate)
        {
            return byId.TryGetValue(spanId, out var activity) && activity.TraceId == traceId ? activity : null;
        }
    }

    /// <summary>All of them, in the order in which they started.</summary>
    public IReadOnlyList<Activity> All
    {
        get
        {
            lock (gate)
            {
                return [.. inOrder];
            }
        }
    }

    private void Take(Activity activity)
    {
        if (places.Remove(activity, out var node))
        {
            inOrder.Remove(node);
            if (byId.GetValueOrDefault(activity.SpanId) == activity)
            {
                byId.Remove(activity.SpanId);
            }
        }
    }
}
