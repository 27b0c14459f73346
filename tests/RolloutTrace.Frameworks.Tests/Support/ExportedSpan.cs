using System.Diagnostics;

namespace RolloutTrace.Frameworks.Tests.Support;

/// <summary>A span as it was when it was exported.</summary>
internal sealed record ExportedSpan(string Name, string Id, IReadOnlyDictionary<string, object?> Tags, string Text)
{
    public static ExportedSpan Of(Activity activity)
    {
        var tags = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in activity.TagObjects)
        {
            tags[name] = value;
        }

        var events = activity.Events.SelectMany(happened => happened.Tags.Select(tag => $"{happened.Name}.{tag.Key}={tag.Value}"));
        return new ExportedSpan(activity.OperationName, $"{activity.TraceId}-{activity.SpanId}", tags, string.Join("\n", activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Concat(events)));
    }

    public string? Tag(string name) => Tags.GetValueOrDefault(name) as string;
}
