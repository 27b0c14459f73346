using System.Text;
using RolloutTrace.Reducer.Reading;

namespace RolloutTrace.Reducer.Tests.Reading;

/// <summary>What is found ahead of a list's entries is what who walks the list finds there himself.</summary>
public class FoundEntriesTests
{
    private const string One = """{"text":"},{","id":"a"}""";
    private const string Other = """{"content":[{"text":"\"}"}]}""";
    private static readonly EntryKey ById = EntryKey.OfAll.But("\"id\":"u8, isLast: false);

    [Fact]
    public void EachObjectOfTheList_IsFoundWhereItBegins_WithItsLengthAndKey()
    {
        var request = Utf8($$"""{"input": [ {{One}} ,{{Other}},1,{{One}}]}""");
        var start = request.IndexOf((byte)'[');
        var found = Found(request, start, ById);

        var first = 2;
        found.LengthAt(start, first, ById, out var key, out var left).ShouldBe(One.Length);
        key.ShouldBe(ById.Of(Utf8(One), out var without));
        left.ShouldBe(without);
        One[left].ShouldBe("a");

        var second = first + One.Length + 2;
        found.LengthAt(start, second, ById, out key, out left).ShouldBe(Other.Length);
        key.ShouldBe(ById.Of(Utf8(Other), out _));
        left.ShouldBe(default(Range));

        // Behind what is no object nothing is found.
        found.LengthAt(start, second + Other.Length + 3, ById, out _, out _).ShouldBe(0);
    }

    [Fact]
    public void WhatIsAskedInAnotherWay_IsNotKnown()
    {
        var list = Utf8($"[{One},{Other}]");

        Found(list, 0, ById).LengthAt(0, 1, EntryKey.OfAll, out _, out _).ShouldBe(0);
        Found(list, 0, ById).LengthAt(1, 1, ById, out _, out _).ShouldBe(0);
        Found(list, 0, ById).LengthAt(0, 2, ById, out _, out _).ShouldBe(0);

        // In order: what is behind is not looked for again.
        var found = Found(list, 0, ById);
        found.LengthAt(0, 2 + One.Length, ById, out _, out _).ShouldBe(Other.Length);
        found.LengthAt(0, 1, ById, out _, out _).ShouldBe(0);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("[", 0)]
    [InlineData("[{", 0)]
    [InlineData("[{}", 9)]
    [InlineData("{\"input\":{}}", 0)]
    [InlineData("[1,{}]", 0)]
    public void WhereThereIsNoList_OrNoEnd_NothingIsFound(string text, int start)
    {
        var found = Found(Utf8(text), start, EntryKey.OfAll);
        for (var at = 0; at < text.Length; at++)
        {
            found.LengthAt(start, at, EntryKey.OfAll, out _, out _).ShouldBe(0);
        }
    }

    [Fact]
    public void MemoryIsUsedAgain_AndWhatWasFoundBeforeIsForgotten()
    {
        var found = Found(Utf8($"[{string.Join(',', Enumerable.Repeat(One, 2000))}]"), 0, EntryKey.OfAll);
        found.LengthAt(0, 1 + (1999 * (One.Length + 1)), EntryKey.OfAll, out _, out _).ShouldBe(One.Length);

        found.Find(Utf8($"[{Other}]"), 0, EntryKey.OfAll);
        found.LengthAt(0, 1, EntryKey.OfAll, out _, out _).ShouldBe(Other.Length);
        found.LengthAt(0, 2 + One.Length, EntryKey.OfAll, out _, out _).ShouldBe(0);
    }

    [Theory]
    [InlineData("[ {}", 0, 2)]
    [InlineData("[{} ,\n {}", 3, 7)]
    [InlineData("[{}]", 3, -1)]
    [InlineData("[{}", 3, -1)]
    [InlineData("{}", 0, -1)]
    public void StartOfNext_IsBehindTheComma(string list, int end, int start) => FoundEntries.StartOfNext(Utf8(list), end).ShouldBe(start);

    private static FoundEntries Found(ReadOnlySpan<byte> text, int start, EntryKey by)
    {
        var found = new FoundEntries();
        found.Find(text, start, by);
        return found;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
