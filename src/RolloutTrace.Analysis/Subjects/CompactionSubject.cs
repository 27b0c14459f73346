using System.Globalization;
using RolloutTrace.Analysis.Given;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A compaction that was installed.</summary>
internal sealed class CompactionSubject(SubjectScope scope, RecordedCompaction compaction) : Subject(scope)
{
    // A summary is what one asks for: it is said whole, but for one that is a book.
    private const int SummaryLength = 8_000;

    private readonly Lazy<CompactionChange> change = new(() => scope.ChangeOf(compaction));

    public override SubjectKind Kind => SubjectKind.Compaction;

    public override string Id => compaction.CompactionId;

    public override IEnumerable<string?> OtherNames => [compaction.Otel?.SpanId];

    // The state has no event of it.
    public override IReadOnlyList<Evidence> Evidence => [];

    public override Cause? Cause => new(SubjectKind.Turn.Get(Scope, compaction.CodexTurnId), "compacted its history");

    public override IEnumerable<Effect> Effects
    {
        get
        {
            foreach (var id in compaction.RequestIds)
            {
                yield return Scope.Made(SubjectKind.CompactionRequest, id, "asked for the summary in");
            }

            foreach (var item in change.Value.New)
            {
                yield return Of(item, $"the history goes on with {item.ItemId}, {Bytes(item)}: {ItemText.Preview(ItemText.Of(item), SummaryLength)}");
            }

            foreach (var (was, now) in change.Value.Kept)
            {
                yield return Of(now, $"what stays is {SubjectKind.Item.Get(Scope, now.ItemId).Describe()}; it was {was.ItemId}, {Bytes(was)}");
            }

            foreach (var item in change.Value.Gone)
            {
                yield return Of(item, $"what went is {SubjectKind.Item.Get(Scope, item.ItemId).Describe()}; {Bytes(item)}");
            }
        }
    }

    public override string Describe() =>
        $"compaction {Id}, {Size(compaction.InputItemIds.Count, change.Value.BytesBefore, change.Value.TokensBefore, "the last request before")} became "
        + Size(compaction.ReplacementItemIds.Count, change.Value.BytesAfter, change.Value.TokensAfter, "the next request");

    private static string Size(int items, long bytes, long? tokens, string request) =>
        string.Create(CultureInfo.InvariantCulture, $"{items} items ({bytes:#,0} bytes{(tokens is { } known ? string.Create(CultureInfo.InvariantCulture, $"; {known:#,0} tokens in {request}") : "")})");

    private string Bytes(ConversationItem item) => string.Create(CultureInfo.InvariantCulture, $"{change.Value.BytesOf(item):#,0} bytes");

    private Effect Of(ConversationItem item, string text) => new(SubjectKind.Item.Get(Scope, item.ItemId), text);
}
