using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>Compactions, their requests, and the histories before and after.</summary>
internal sealed class CompactionInvariants(InvariantScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public void Check()
    {
        foreach (var (key, request) in graph.CompactionRequests)
        {
            scope.Key("compaction request", key, request.CompactionRequestId);
            scope.Context(request.CompactionRequestId, request.ThreadId, request.CodexTurnId);
            scope.Window(request.CompactionRequestId, request.Execution);
            scope.Payload(request.CompactionRequestId, request.RawRequestPayloadId);
            scope.Payload(request.CompactionRequestId, request.RawResponsePayloadId);
        }

        foreach (var (key, compaction) in graph.Compactions)
        {
            scope.Key("compaction", key, compaction.CompactionId);
            Check(compaction);
        }
    }

    private void Check(RecordedCompaction compaction)
    {
        var subject = compaction.CompactionId;
        scope.Context(subject, compaction.ThreadId, compaction.CodexTurnId);
        foreach (var id in compaction.RequestIds)
        {
            if (scope.Resolves(graph.CompactionRequests, subject, "compaction request", id)
                && !string.Equals(graph.CompactionRequests[id].CompactionId, subject, StringComparison.Ordinal))
            {
                scope.OneSided($"compaction {subject}", $"compaction request {id}", "as made for it");
            }
        }

        scope.Items(subject, compaction.ThreadId, compaction.InputItemIds);
        scope.NoRepeats(subject, "items", compaction.ReplacementItemIds.Append(compaction.MarkerItemId));
        if (scope.Item(subject, compaction.ThreadId, compaction.MarkerItemId) is { } marker && marker.Kind != ConversationItemKind.CompactionMarker)
        {
            scope.Report(InvariantCodes.MalformedItem, subject, $"compaction {subject} has {marker.ItemId} as its marker, which is none");
        }

        var producer = new CompactionProducer { CompactionId = subject };
        foreach (var id in compaction.ReplacementItemIds.Append(compaction.MarkerItemId))
        {
            if (scope.Item(subject, compaction.ThreadId, id) is { } item && !item.ProducedBy.Contains(producer))
            {
                scope.OneSided($"compaction {subject}", id, "as made by it");
            }
        }
    }
}
