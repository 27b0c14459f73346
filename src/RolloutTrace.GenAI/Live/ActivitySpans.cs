using System.Diagnostics;
using RolloutTrace.Callers;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Live;

/// <summary>Takes what an activity says at a moment: its values are shared, its lists are not.</summary>
internal static class ActivitySpans
{
    private const int BytesOfSpan = 512;
    private const int BytesOfTag = 64;

    /// <summary>What the activity says now.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="resource">Attributes of its resource.</param>
    public static ForeignSpan Of(Activity activity, IReadOnlyList<SpanTag> resource) => Of(activity, resource, out _, out _);

    /// <summary>What the activity says now.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="resource">Attributes of its resource.</param>
    /// <param name="size">About how many bytes it keeps alive.</param>
    /// <param name="mayChange">Whether there are values that somebody may still change.</param>
    public static ForeignSpan Of(Activity activity, IReadOnlyList<SpanTag> resource, out long size, out bool mayChange)
    {
        size = BytesOfSpan;
        mayChange = false;
        var tags = new List<SpanTag>(capacity: 24);
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            tags.Add(new SpanTag(tag.Key, tag.Value));
            size += SizeOf(tag.Value, ref mayChange);
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
            Events = EventsOf(activity, ref size, ref mayChange),
            Links = LinksOf(activity),
        };
    }

    /// <summary>What the span may mean: the cheap question that each span is asked.</summary>
    public static SpanMeaning MeaningOf(Activity activity)
    {
        if (SpanRoles.IsTellingName(activity.OperationName))
        {
            return SpanMeaning.Work;
        }

        // Of what goes over the network only what a client sends means something: an attempt of a request.
        var isClient = activity.Kind == ActivityKind.Client;
        var meaning = SpanMeaning.None;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (SpanRoles.IsTelling(tag.Key))
            {
                return SpanMeaning.Work;
            }

            if (isClient && SpanRoles.IsOfHttp(tag.Key))
            {
                meaning = SpanMeaning.Http;
            }
        }

        return meaning;
    }

    /// <summary>Whether it is the call of a tool, or does not say what it is by the conventions.</summary>
    public static bool MayBeTool(Activity activity)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Key == RolloutAttributes.GenAI.OperationName)
            {
                return tag.Value is "execute_tool";
            }
        }

        return true;
    }

    /// <summary>Whether it says by now that it is the call of a tool.</summary>
    public static bool IsTool(Activity activity)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            switch (tag.Key)
            {
                case RolloutAttributes.GenAI.OperationName:
                    return tag.Value is "execute_tool";
                case "openinference.span.kind" when tag.Value is "TOOL":
                case "ai.operationId" when tag.Value is "ai.toolCall":
                case "traceloop.span.kind" when tag.Value is "tool":
                    return true;
            }
        }

        return false;
    }

    private static long SizeOf(object? value, ref bool mayChange)
    {
        switch (value)
        {
            case string text:
                return BytesOfTag + (2L * text.Length);
            case null or IConvertible:
                return BytesOfTag;
            default:
                mayChange = true;
                return BytesOfTag;
        }
    }

    private static IReadOnlyList<SpanEvent> EventsOf(Activity activity, ref long size, ref bool mayChange)
    {
        List<SpanEvent>? events = null;
        foreach (ref readonly var happened in activity.EnumerateEvents())
        {
            events ??= [];
            var tags = new List<SpanTag>();
            foreach (ref readonly var tag in happened.EnumerateTagObjects())
            {
                tags.Add(new SpanTag(tag.Key, tag.Value));
                size += SizeOf(tag.Value, ref mayChange);
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
