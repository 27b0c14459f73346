using System.Diagnostics;
using RolloutTrace.Callers;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Live;

/// <summary>Takes what an activity says at a moment: its values are shared, its lists are not.</summary>
internal static class ActivitySpans
{
    public static ForeignSpan Of(Activity activity, IReadOnlyList<SpanTag> resource)
    {
        var tags = new List<SpanTag>(capacity: 24);
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            tags.Add(new SpanTag(tag.Key, tag.Value));
        }

        return new ForeignSpan
        {
            TraceId = activity.TraceId.ToHexString(),
            SpanId = activity.SpanId.ToHexString(),
            ParentSpanId = activity.ParentSpanId == default ? null : activity.ParentSpanId.ToHexString(),
            Caller = AmbientCaller.Find(activity)?.ToReference(),
            Name = activity.DisplayName,
            SourceName = activity.Source.Name,
            SourceVersion = activity.Source.Version,
            Resource = resource,
            Kind = activity.Kind,
            Start = new DateTimeOffset(activity.StartTimeUtc),
            End = activity.IsStopped ? new DateTimeOffset(activity.StartTimeUtc + activity.Duration) : null,
            Status = activity.Status,
            StatusDescription = activity.StatusDescription,
            Attributes = tags,
            Events = EventsOf(activity),
            Links = LinksOf(activity),
        };
    }

    /// <summary>Whether the span may mean something: the cheap question that each span is asked.</summary>
    public static bool MayMatter(Activity activity)
    {
        if (SpanRoles.IsTellingName(activity.OperationName))
        {
            return true;
        }

        // Of what goes over the network only what a client sends means something: an attempt of a request.
        var isClient = activity.Kind == ActivityKind.Client;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (SpanRoles.IsTelling(tag.Key) || (isClient && SpanRoles.IsOfHttp(tag.Key)))
            {
                return true;
            }
        }

        return false;
    }

    private static IReadOnlyList<SpanEvent> EventsOf(Activity activity)
    {
        List<SpanEvent>? events = null;
        foreach (ref readonly var happened in activity.EnumerateEvents())
        {
            events ??= [];
            var tags = new List<SpanTag>();
            foreach (ref readonly var tag in happened.EnumerateTagObjects())
            {
                tags.Add(new SpanTag(tag.Key, tag.Value));
            }

            events.Add(new SpanEvent(happened.Name, happened.Timestamp, tags));
        }

        return events ?? (IReadOnlyList<SpanEvent>)[];
    }

    private static IReadOnlyList<SpanLink> LinksOf(Activity activity)
    {
        List<SpanLink>? links = null;
        foreach (ref readonly var link in activity.EnumerateLinks())
        {
            (links ??= []).Add(new SpanLink(link.Context.TraceId.ToHexString(), link.Context.SpanId.ToHexString(), []));
        }

        return links ?? (IReadOnlyList<SpanLink>)[];
    }
}
