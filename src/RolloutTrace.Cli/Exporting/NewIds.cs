using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>
/// Gives spans other ids, derived from theirs and a word: the same word gives the same ids, another one others. A parent outside the
/// rollout, which has no such id, is left out.
/// </summary>
internal sealed class NewIds(string word)
{
    private const int TraceIdCharacters = 32;
    private const int SpanIdCharacters = 16;

    public IReadOnlyList<RolloutSpan> Of(IReadOnlyList<RolloutSpan> spans)
    {
        var own = spans.Select(static span => span.Reference).ToHashSet();
        return
        [
            .. spans.Select(span => span with
            {
                Reference = Of(span.Reference),
                Parent = span.Parent is { } parent && own.Contains(parent) ? Of(parent) : null,
                Links = [.. span.Links.Select(link => link with { Target = Of(link.Target) })],
                Attributes = Of(span.Attributes),
            }),
        ];
    }

    // Links stand in attributes too: trace and span id with a hyphen between, and a comma between links.
    private Dictionary<string, object> Of(IReadOnlyDictionary<string, object> attributes) => attributes.ToDictionary(
        static attribute => attribute.Key,
        attribute => attribute.Key.StartsWith(RolloutAttributes.Link.Prefix, StringComparison.Ordinal) && attribute.Value is string links
            ? string.Join(',', links.Split(',').Select(OfLink))
            : attribute.Value,
        StringComparer.Ordinal);

    private string OfLink(string link) => link.Split('-') is [{ Length: TraceIdCharacters } traceId, { Length: SpanIdCharacters } spanId]
        ? $"{Of("trace", traceId, TraceIdCharacters)}-{OfSpan(traceId, spanId)}"
        : link;

    private SpanReference Of(SpanReference reference) => new()
    {
        TraceId = Of("trace", reference.TraceId, TraceIdCharacters),
        SpanId = OfSpan(reference.TraceId, reference.SpanId),
    };

    private string OfSpan(string traceId, string spanId) => Of("span", $"{traceId}-{spanId}", SpanIdCharacters);

    private string Of(string kind, string id, int characters) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{word}\n{kind}\n{id}")))[..characters];
}
