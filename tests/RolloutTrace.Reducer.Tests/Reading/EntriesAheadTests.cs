using RolloutTrace.Reducer.Reading;

namespace RolloutTrace.Reducer.Tests.Reading;

/// <summary>Entries are found ahead for those threads alone that send them in another order each time.</summary>
public class EntriesAheadTests
{
    private readonly EntriesAhead ahead = new();

    [Fact]
    public void OfAThreadWhoseEntriesHadToBeLookedFor_TheyAreFound()
    {
        ahead.Note("one", lookedFor: 40, entries: 60, listStart: 2, EntryKey.OfAll);

        var found = ahead.Find("one", "  [{}]"u8)!;
        found.LengthAt(2, 1, EntryKey.OfAll, out _, out _).ShouldBe(2);
        ahead.Find("other", "  [{}]"u8).ShouldBeNull();

        // Their memory is used again, one request at a time.
        ahead.Find("one", "  []"u8).ShouldNotBe(found);
        ahead.Return(found);
        ahead.Return(null);
        ahead.Find("one", "  []"u8).ShouldBe(found);
        ahead.Find("one", "  []"u8).ShouldNotBe(found);
    }

    [Theory]
    [InlineData(30, 60)]
    [InlineData(0, 60)]
    [InlineData(31, 31)]
    public void WhereMostStandInOrder_OrThereAreFew_NoneAre(int lookedFor, int entries)
    {
        ahead.Note("one", lookedFor, entries, listStart: 0, EntryKey.OfAll);
        ahead.Find("one", "[{}]"u8).ShouldBeNull();

        // And no more, where it is so again.
        ahead.Note("one", lookedFor: 60, entries: 60, listStart: 0, EntryKey.OfAll);
        ahead.Note("one", lookedFor, entries, listStart: 0, EntryKey.OfAll);
        ahead.Find("one", "[{}]"u8).ShouldBeNull();
    }
}
