using CodingAgent.Tools;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace CodingAgent.Tests.Tools;

public sealed class LimitedTextTests
{
    [Fact]
    public void It_keeps_beginning_and_end_and_says_what_is_missing() =>
        LimitedText.Cut("abcdefghij", 4).ShouldBe("ab\n... 6 characters left out ...\nij");

    [Fact]
    public void However_text_comes_in_pieces_the_result_is_that_of_the_whole() =>
        Prop.ForAll<NonNull<string>[], PositiveInt>((pieces, limit) =>
        {
            var text = new LimitedText(limit.Get);
            foreach (var piece in pieces)
            {
                text.Append(piece.Get);
            }

            var whole = string.Concat(pieces.Select(p => p.Get));
            return text.ToString() == LimitedText.Cut(whole, limit.Get) && (whole.Length > limit.Get || text.ToString() == whole);
        }).ShouldHold();
}
