using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace RolloutTrace.GenAI.Tests.Support;

/// <summary>Spans that real frameworks emitted, one object a span.</summary>
internal static class RecordedSpans
{
    public static IReadOnlyList<ForeignSpan> Read(string name, [CallerFilePath] string file = "")
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Join(Path.GetDirectoryName(file), "../Traces", name)));
        return [.. document.RootElement.EnumerateArray().Select(Span)];
    }

    private static ForeignSpan Span(JsonElement span)
    {
        var start = DateTimeOffset.Parse(span.GetProperty("start").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return new ForeignSpan
        {
            TraceId = span.GetProperty("trace").GetString()!,
            SpanId = span.GetProperty("id").GetString()!,
            ParentSpanId = span.GetProperty("parent").GetString(),
            Name = span.GetProperty("name").GetString()!,
            SourceName = span.GetProperty("source").GetString()!,
            Kind = Enum.Parse<ActivityKind>(span.GetProperty("kind").GetString()!),
            Start = start,
            End = start + TimeSpan.FromMilliseconds(span.GetProperty("ms").GetDouble()),
            Status = Enum.Parse<ActivityStatusCode>(span.GetProperty("status").GetString()!),
            StatusDescription = span.GetProperty("statusDescription").GetString(),
            Attributes = [.. span.GetProperty("tags").EnumerateObject().Select(tag => new SpanTag(tag.Name, tag.Value.GetString()))],
            Links = [.. span.GetProperty("links").EnumerateArray().Select(link => link.GetString()!.Split('-')).Select(ids => new SpanLink(ids[0], ids[1], []))],
        };
    }
}
