using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A compaction that was installed.</summary>
internal sealed class CompactionSubject(SubjectScope scope, RecordedCompaction compaction) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.Compaction;

    public override string Id => compaction.CompactionId;

    public override IEnumerable<string?> OtherNames => [compaction.Otel?.SpanId];

    // The state has no event of it.
    public override IReadOnlyList<Evidence> Evidence => [];

    public override Cause? Cause => new(SubjectKind.Turn.Get(Scope, compaction.CodexTurnId), "compacted its history");

    public override IEnumerable<Effect> Effects => compaction.ReplacementItemIds.Select(id => Scope.Seen(id, "history goes on with"));

    public override string Describe() => $"compaction {Id}, {compaction.InputItemIds.Count} items became {compaction.ReplacementItemIds.Count}";
}
