using System.Buffers;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>Finds what a span stands for that the state does not name: a runtime's, or one that was derived for an export.</summary>
internal static class SpanSubjects
{
    private const int TraceIdLength = 32;
    private const int SpanIdLength = 16;

    // What a span stands for is the first of these that it has and that the state knows.
    private static readonly (string Attribute, SubjectKind Kind)[] Identities =
    [
        (RolloutAttributes.Tool.Id, SubjectKind.ToolCall),
        (RolloutAttributes.Inference.Id, SubjectKind.Request),
        (RolloutAttributes.Compaction.RequestId, SubjectKind.CompactionRequest),
        (RolloutAttributes.Compaction.Id, SubjectKind.Compaction),
        (RolloutAttributes.CodeCell.Id, SubjectKind.CodeCell),
    ];

    // A runtime says only where it ran, and is told of with the call that it carried out.
    private static readonly (string Attribute, SubjectKind Kind)[] Places =
    [
        (RolloutAttributes.Turn.Id, SubjectKind.Turn),
        (RolloutAttributes.Thread.Id, SubjectKind.Thread),
    ];

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The span's id in an id that is one, with or without its trace; null in any other.</summary>
    public static string? SpanIdOf(string id)
    {
        var spanId = id.Length == TraceIdLength + 1 + SpanIdLength && id[TraceIdLength] == '-' && IsHex(id.AsSpan(0, TraceIdLength)) ? id[(TraceIdLength + 1)..] : id;
        return spanId.Length == SpanIdLength && IsHex(spanId) ? spanId : null;
    }

    public static IReadOnlyList<Subject> Find(OpenRollout rollout, SubjectScope scope, string spanId)
    {
        var spans = RolloutSpans.Of(rollout);
        if (spans.FirstOrDefault(span => span.Reference.SpanId == spanId) is not { } found)
        {
            return [];
        }

        var parent = spans.FirstOrDefault(span => span.Reference == found.Parent);
        var subject = First(scope, found, Identities)
            ?? (parent is not null && parent.Attributes.ContainsKey(RolloutAttributes.Tool.Id) ? First(scope, parent, Identities) : null)
            ?? First(scope, found, Places);
        return subject is null ? [] : [subject];
    }

    private static Subject? First(SubjectScope scope, RolloutSpan span, (string Attribute, SubjectKind Kind)[] candidates) => candidates
        .Select(candidate => span.Attributes.GetValueOrDefault(candidate.Attribute) is string id ? candidate.Kind.Find(scope, id) : null)
        .FirstOrDefault(static subject => subject is not null);

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);
}
