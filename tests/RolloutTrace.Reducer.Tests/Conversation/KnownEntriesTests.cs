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
    public void Find_KnowsAnObjectByItsBytes_WhateverIsExpected(string entry, int index)
    {
        var known = Known(A, B, C, "1");
        for (var expected = 0; expected < 5; expected++)
        {
            Find(known, entry, expected).ShouldBe(index);
        }
    }

    [Fact]
    public void Find_OfEqualEntries_GivesTheExpectedOne_OrElseTheFirst()
    {
        var known = Known(B, A, A);

        Find(known, A, expected: 0).ShouldBe(1);
        Find(known, A, expected: 2).ShouldBe(2);
    }

    [Fact]
    public void Find_KnowsTheExpectedOne_WhateverSpaceIsInIt()
    {
        var spaced = B.Replace(":", " :\n ", StringComparison.Ordinal);
        var found = new InputEntries();
        Known(A, B, C).Find(Utf8($"[{spaced}]"), start: 1, expected: 1, found).ShouldBe(1);

        // What comes next is compared with it as it stands now.
        (found.Start(0), found.End(0), found.Key(0)).ShouldBe((1, 1 + spaced.Length, new LooseMember().Key.Of(Utf8(spaced), out _)));
        Find(Known(A, B, C), spaced, expected: 0).ShouldBe(-1);
        Find(Known(A, B, C), C.Replace("},{", "}, {", StringComparison.Ordinal), expected: 2).ShouldBe(-1);
    }

    [Fact]
    public void Find_OfSomethingWithoutAnEnd_IsNothing()
    {
        Known(A, B).Find(Utf8($"[{B[..^1]}"), start: 1, expected: 1, new InputEntries()).ShouldBe(-1);
        Known(A, B).Find(Utf8($"[{A[..^2]}]"), start: 1, expected: 0, new InputEntries()).ShouldBe(-1);
    }

    [Fact]
    public void Find_TellsWhereWhatIsFoundLies()
    {
        var found = new InputEntries();
        Known(A, B).Find(Utf8($"[ {B} ,"), start: 2, expected: 0, found).ShouldBe(1);

        (found.Count, found.Start(0), found.End(0), found.KnownAs(0)).ShouldBe((1, 2, 2 + B.Length, 1));
    }

    [Fact]
    public void Find_OfManyEqualEntries_TakesNoLongerThanOfOthers()
    {
        // What is looked for a hundred thousand times among as many equal ones is found each time at the first step.
        var known = Known([.. Enumerable.Repeat(A, 100_000)]);
        for (var i = 0; i < 100_000; i++)
        {
            Find(known, A, expected: 100_000).ShouldBe(0);
        }
    }

    [Fact]
    public void OfNoRequest_NothingIsKnown()
    {
        KnownEntries.None.Run(Utf8($"[{A}]"), at: 0, first: 0).ShouldBe(0);
        KnownEntries.None.Count.ShouldBe(0);
        Find(KnownEntries.None, A, expected: 0).ShouldBe(-1);
    }

    private static int Find(KnownEntries known, string entry, int expected) => known.Find(Utf8($"[{entry}]"), start: 1, expected, new InputEntries());

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static KnownEntries Known(params string[] list)
    {
        var entries = new InputEntries();
        var member = new LooseMember();
        var at = 1;
        foreach (var entry in list)
        {
            var end = at + Encoding.UTF8.GetByteCount(entry);
            entries.Add(at, end, known: -1, member.Key.Of(Utf8(entry), out var left), left);
            at = end + 1;
        }

        return new KnownEntries(Utf8($"[{string.Join(',', list)}]"), entries, member, new KeySlots());
    }
}
