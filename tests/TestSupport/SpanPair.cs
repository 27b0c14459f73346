using System.Diagnostics;

namespace RolloutTrace.TestSupport;

/// <summary>A span as the process had it, and as it was made again; one of them is null where the span is on one side alone.</summary>
internal sealed record SpanPair(ComparableSpan? Live, ComparableSpan? Made)
{
    /// <summary>Whether the process ended the span.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The spans of the rollout that the process had.</summary>
    public required IReadOnlyList<Activity> Others { get; init; }

    /// <summary>The rollout's bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>Name of the span, without the trace it is in.</summary>
    public string Name => (Live ?? Made)!.Name[(TraceIdCharacters + 1)..];

    private const int TraceIdCharacters = 32;

    public string? LiveValue(string attribute) => Live?.Attributes.GetValueOrDefault(attribute);

    public string? MadeValue(string attribute) => Made?.Attributes.GetValueOrDefault(attribute);

    /// <summary>The pair without an attribute.</summary>
    public SpanPair Without(params ReadOnlySpan<string> attributes)
    {
        var names = attributes.ToArray();
        return Map(span =>
        {
            var rest = new SortedDictionary<string, string>(span.Attributes, StringComparer.Ordinal);
            foreach (var name in names)
            {
                rest.Remove(name);
            }

            return span with { Attributes = rest };
        });
    }

    /// <summary>The pair without links of a kind, and without the attribute that repeats them.</summary>
    public SpanPair WithoutLinks(string kind) =>
        Without(RolloutAttributes.Link.Prefix + kind).Map(span => span with { Links = [.. span.Links.Where(link => !IsOfKind(link, kind))] });

    public SpanPair Map(Func<ComparableSpan, ComparableSpan> map) => this with { Live = Live is null ? null : map(Live), Made = Made is null ? null : map(Made) };

    public static bool IsOfKind(string link, string kind) =>
        link.EndsWith($"{RolloutAttributes.Link.Kind} = {kind}", StringComparison.Ordinal) || link.Contains($"{RolloutAttributes.Link.Kind} = {kind},", StringComparison.Ordinal);
}
