using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>An item of a conversation.</summary>
internal sealed class ItemSubject(SubjectScope scope, ConversationItem item) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.Item;

    public override string Id => item.ItemId;

    public override IEnumerable<string?> OtherNames => [item.CallId];

    public override IReadOnlyList<Evidence> Evidence =>
    [
        .. Analysis.Evidence.Payload(Scope.Graph, Scope.Index.RequestThatProduced(Id)?.RawResponsePayloadId),
        .. Analysis.Evidence.Payload(Scope.Graph, Scope.Index.FirstRequestWith(Id)?.RawRequestPayloadId),
    ];

    public override Cause? Cause
    {
        get
        {
            if (Scope.Index.EdgeTo(Id) is { } edge)
            {
                return new Cause(SubjectKind.Edge.Get(Scope, edge.EdgeId), "delivered it");
            }

            if (item.ProducedBy.Select(CauseOf).OfType<Cause>().FirstOrDefault() is { } producer)
            {
                return producer;
            }

            // A task that was given at the spawn can reach the child in no item that says so.
            return item.Role == ConversationRole.User && Scope.Graph.Threads[item.ThreadId].Origin is SpawnedOrigin
                ? new Cause(SubjectKind.Thread.Get(Scope, item.ThreadId), "its input")
                : null;
        }
    }

    public override IEnumerable<Effect> Effects
    {
        get
        {
            if (Scope.Index.ToolOf(Id) is { } tool && tool.ModelVisibleCallItemIds.Contains(Id))
            {
                yield return Scope.Made(SubjectKind.ToolCall, tool.ToolCallId, "it started");
            }

            if (Scope.Index.CellOf(Id) is { } cell)
            {
                yield return Scope.Made(SubjectKind.CodeCell, cell.CodeCellId, "it started");
            }

            foreach (var edge in Scope.Graph.InteractionEdges.Values)
            {
                if (edge.Source is ConversationItemAnchor source && string.Equals(source.ItemId, Id, StringComparison.Ordinal))
                {
                    yield return Scope.Made(SubjectKind.Edge, edge.EdgeId, "its author's parent got it by");
                }
            }

            if (Scope.Index.FirstRequestWith(Id) is { } request)
            {
                yield return Scope.Made(SubjectKind.Request, request.InferenceCallId, "first sent to the model in");
            }

            foreach (var compaction in Scope.Graph.Compactions.Values.Where(compaction => compaction.InputItemIds.Contains(Id)))
            {
                yield return Scope.Made(SubjectKind.Compaction, compaction.CompactionId, "taken out of the history by");
            }
        }
    }

    public override string Describe()
    {
        var text = ItemText.Preview(ItemText.Of(item), SubjectScope.PreviewLength);
        var kind = item.Kind == ConversationItemKind.Message ? $"{WireName.Of(item.Role)} message" : WireName.Of(item.Kind);
        return $"{Id}, {kind}{(text.Length > 0 ? $": {text}" : "")}";
    }

    private Cause? CauseOf(ConversationProducer producer) => producer switch
    {
        CodeCellProducer { CodeCellId: var id } => new Cause(SubjectKind.CodeCell.Get(Scope, id), "its value is this output"),
        ToolProducer { ToolCallId: var id } => new Cause(SubjectKind.ToolCall.Get(Scope, id), $"its result is this output{WhereFrom(Scope.Graph.ToolCalls[id])}"),
        InferenceProducer { InferenceCallId: var id } => new Cause(SubjectKind.Request.Get(Scope, id), "its response holds it"),
        CompactionProducer { CompactionId: var id } => new Cause(SubjectKind.Compaction.Get(Scope, id), "made it to stand for the history before"),
        _ => null,
    };

    private string WhereFrom(RecordedToolCall tool)
    {
        if (tool.TerminalOperationId is { } id && Scope.Graph.TerminalOperations[id] is { } operation)
        {
            return operation.TerminalId is { } terminal ? $", which process {terminal} printed, in {id}" : $", which its command printed, in {id}";
        }

        return Scope.Index.CellsWaitedForBy(tool) is [var cell, ..] ? $", which comes from {cell.CodeCellId}, for which it waited" : "";
    }
}
