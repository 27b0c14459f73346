using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Bundle;

public class RecentTextsTests
{
    [Fact]
    public void A_text_that_is_read_again_is_the_same_string()
    {
        var texts = new RecentTexts();

        texts.Of("call_1"u8).ShouldBeSameAs(texts.Of("call_1"u8));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_none_also_where_a_text_is_in_their_place()
    {
        var texts = new RecentTexts();
        texts.Of("call_1"u8).ShouldBe("call_1");

        texts.Of([0xC3]).ShouldBeNull();
        texts.Of([.. "call_1"u8, 0xFF]).ShouldBeNull();
    }

    // Few characters and lengths, so that many texts want the same place.
    [Fact]
    public void Every_text_is_itself_whatever_was_read_before()
    {
        var text =
            from length in Gen.Choose(0, 70)
            from characters in Gen.Elements('a', 'b', '0', 'é', '\uFFFD', '中').ArrayOf(length)
            from middle in Gen.Choose(0, 10_000)
            select $"{new string(characters)}{middle}{new string(characters)}";
        var texts = new ThreadLocal<RecentTexts>(static () => new RecentTexts());

        Prop.ForAll(text.ToArbitrary(), given => texts.Value!.Of(Encoding.UTF8.GetBytes(given)) == given).ShouldHold(5_000);
    }
}
