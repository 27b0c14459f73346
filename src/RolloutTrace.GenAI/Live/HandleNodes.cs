using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Live;

/// <summary>The places of handles' own spans, which are recorded already, above spans of others.</summary>
internal static class HandleNodes
{
    public static SpanNode Of(SpanMapper mapper, ForeignSpan span, RolloutBoundary boundary)
    {
        var role = boundary.Kind switch
        {
            RolloutBoundaryKind.ModelRequest => SpanRole.Chat,
            RolloutBoundaryKind.ToolCall => SpanRole.Tool,
            RolloutBoundaryKind.Compaction => SpanRole.Compaction,
            _ => SpanRole.Agent,
        };
        var node = new SpanNode(SpanReading.OfHandle(span, role), parent: null)
        {
            IsHandle = true,
            HasBegun = true,
            HasStarted = true,
            Id = boundary.ToolCallId ?? boundary.CompactionId ?? string.Empty,
        };
        node.In = mapper.External(boundary);
        node.Turn = role == SpanRole.Agent ? node.In : null;
        return node;
    }
}
