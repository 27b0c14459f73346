using System.Buffers;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Explaining;

/// <summary>Finds what a span stands for that the state does not name: a runtime's, or one that was derived for an export.</summary>
internal static class SpanSubjects
{
    private const int TraceIdLength = 32;
    private const int SpanIdLength = 16;

    // What a span stands for is the first of these that it has and that the state knows.
    private static readonly (string Attribute, SubjectKind Kind, Func<RolloutGraph, string, bool> IsKnown)[] Identities =
    [
        (RolloutAttributes.Tool.Id, SubjectKind.ToolCall, static (graph, id) => graph.ToolCalls.ContainsKey(id)),
        (RolloutAttributes.Inference.Id, SubjectKind.Request, static (graph, id) => graph.InferenceCalls.ContainsKey(id)),
        (RolloutAttributes.Compaction.RequestId, SubjectKind.CompactionRequest, static (graph, id) => graph.CompactionRequests.ContainsKey(id)),
        (RolloutAttributes.Compaction.Id, SubjectKind.Compaction, static (graph, id) => graph.Compactions.ContainsKey(id)),
        (RolloutAttributes.CodeCell.Id, SubjectKind.CodeCell, static (graph, id) => graph.CodeCells.ContainsKey(id)),
    ];

    // A runtime says only where it ran, and is told of with the call that it carried out.
    private static readonly (string Attribute, SubjectKind Kind, Func<RolloutGraph, string, bool> IsKnown)[] Places =
    [
        (RolloutAttributes.Turn.Id, SubjectKind.Turn, static (graph, id) => graph.CodexTurns.ContainsKey(id)),
        (RolloutAttributes.Thread.Id, SubjectKind.Thread, static (graph, id) => graph.Threads.ContainsKey(id)),
    ];

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The span's id in an id that is one, with or without its trace; null in any other.</summary>
    public static string? SpanIdOf(string id)
    {
        var spanId = id.Length == TraceIdLength + 1 + SpanIdLength && id[TraceIdLength] == '-' && IsHex(id.AsSpan(0, TraceIdLength)) ? id[(TraceIdLength + 1)..] : id;
        return spanId.Length == SpanIdLength && IsHex(spanId) ? spanId : null;
    }

    public static IReadOnlyList<Subject> Find(OpenRollout rollout, string spanId)
    {
        var spans = RolloutSpans.Of(rollout);
        if (spans.FirstOrDefault(span => span.Reference.SpanId == spanId) is not { } found)
        {
            return [];
        }

        var parent = spans.FirstOrDefault(span => span.Reference == found.Parent);
        var subject = First(rollout.Graph, found, Identities)
            ?? (parent is not null && parent.Attributes.ContainsKey(RolloutAttributes.Tool.Id) ? First(rollout.Graph, parent, Identities) : null)
            ?? First(rollout.Graph, found, Places);
        return subject is { } known ? [known] : [];
    }

    private static Subject? First(RolloutGraph graph, RolloutSpan span, (string Attribute, SubjectKind Kind, Func<RolloutGraph, string, bool> IsKnown)[] candidates)
    {
        foreach (var (attribute, kind, isKnown) in candidates)
        {
            if (span.Attributes.GetValueOrDefault(attribute) is string id && isKnown(graph, id))
            {
                return new Subject(kind, id);
            }
        }

        return null;
    }

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);
}
