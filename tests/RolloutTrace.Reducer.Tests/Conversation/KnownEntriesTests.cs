using System.Text;
using RolloutTrace.Reducer.Conversation;

namespace RolloutTrace.Reducer.Tests.Conversation;

public sealed class KnownEntriesTests
{
    private const string A = """{"text":"a"}""";
    private const string B = """{"content":[{"text":"b"},{"text":"c"}]}""";
    private const string C = """{"text":"},{"}""";

    [Fact]
    public void Run_CountsWholeEntriesFromOneOn()
    {
        var known = Known(A, B, C);

        known.Run(Utf8($"[{A},{B},{C}]"), at: 0, first: 0).ShouldBe(3);
        known.Run(Utf8($"[{A},{B[..^1]}"), at: 0, first: 0).ShouldBe(1);
        known.Run(Utf8($"[0,{B},{C},{A}]"), at: 3, first: 1).ShouldBe(2);
        known.Run(Utf8($"[{C}]"), at: 1, first: 1).ShouldBe(0);
        known.Run(Utf8($"[{A}]"), at: 1, first: 3).ShouldBe(0);
    }

    [Fact]
    public void Run_EndsBeforeANumberThatGoesOn()
    {
        Known(A, "1").Run(Utf8($"[{A},12]"), at: 0, first: 0).ShouldBe(1);
        Known(A, "1").Run(Utf8($"[{A},1]"), at: 0, first: 0).ShouldBe(2);
        Known(A, "1", "2").Run(Utf8($"[{A},1,3]"), at: 0, first: 0).ShouldBe(2);
    }

    [Theory]
    [InlineData(A, 0)]
    [InlineData(B, 1)]
    [InlineData(C, 2)]
    [InlineData("""{"text":"d"}""", -1)]
    [InlineData("1", -1)]
    public void Find_KnowsAnEntryByItsBytes_HoweverManyWereSoughtBefore(string entry, int index)
    {
        var search = new EntrySearch(Known(A, B, C, "1"));
        for (var i = 0; i < 20; i++)
        {
            search.Find(Utf8(entry)).ShouldBe(index);
        }
    }

    [Fact]
    public void Find_OfEqualEntries_GivesTheFirst()
    {
        var search = new EntrySearch(Known(B, A, A));
        for (var i = 0; i < 20; i++)
        {
            search.Find(Utf8(A)).ShouldBe(1);
        }
    }

    [Fact]
    public void FindAt_GuessesTheEnd_AndIsNeverWrong()
    {
        Search().FindAt(Utf8($"[{A},{B}]"), start: 1).ShouldBe(0);
        Search().FindAt(Utf8($"[{B},{A}]"), start: 1).ShouldBe(-1, "what is guessed ends inside the entry");
        Search().FindAt(Utf8($"[{A}]"), start: 1).ShouldBe(-1, "nothing follows to end it");

        static EntrySearch Search() => new(Known(A, B, C));
    }

    [Fact]
    public void FindAt_GoesOn_WithWhatItHasLookedThrough()
    {
        var input = Utf8($"[{B},{A},{A},{C}]");
        var search = new EntrySearch(Known(A, B, C));

        search.FindAt(input, start: 1).ShouldBe(-1, "what is guessed ends inside the entry");
        search.FindAt(input, start: 1 + B.Length + 1).ShouldBe(0);
        search.FindAt(input, start: 1 + B.Length + 1 + A.Length + 1).ShouldBe(0);
        search.FindAt(input, start: input.Length - 1 - C.Length).ShouldBe(-1, "what is guessed ends inside the entry");
    }

    [Theory]
    [InlineData("[ {}", 0, 2)]
    [InlineData("[{} ,\n {}", 3, 7)]
    [InlineData("[{}]", 3, -1)]
    [InlineData("[{}", 3, -1)]
    [InlineData("{}", 0, -1)]
    public void StartOfNext_IsBehindTheComma(string list, int end, int start) => Known(A).StartOfNext(Utf8(list), end).ShouldBe(start);

    [Fact]
    public void OfNoRequest_NothingIsKnown()
    {
        KnownEntries.None.Run(Utf8($"[{A}]"), at: 0, first: 0).ShouldBe(0);
        KnownEntries.None.StartOfNext(Utf8($"[{A}]"), end: 0).ShouldBe(-1);
        new EntrySearch(KnownEntries.None).FindAt(Utf8($"[{A}]"), start: 1).ShouldBe(-1);
        new EntrySearch(KnownEntries.None).Find(Utf8(A)).ShouldBe(-1);
    }

    [Fact]
    public void WhenAllHaveBeenFound_NothingIsSoughtAnyMore()
    {
        var search = new EntrySearch(Known(A, B));
        search.Take(2);

        search.Find(Utf8(A)).ShouldBe(-1);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static KnownEntries Known(params string[] list)
    {
        var entries = new InputEntries();
        var at = 1;
        foreach (var entry in list)
        {
            entries.Add(at, at + Encoding.UTF8.GetByteCount(entry));
            at += Encoding.UTF8.GetByteCount(entry) + 1;
        }

        return new KnownEntries(Utf8($"[{string.Join(',', list)}]"), entries);
    }
}
