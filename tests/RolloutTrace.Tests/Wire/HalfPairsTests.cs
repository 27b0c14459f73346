using System.Text;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public class HalfPairsTests
{
    [Theory]
    [InlineData("""["\ud83d"]""", """["\ufffd"]""", 1)]
    [InlineData("""["\udc00"]""", """["\ufffd"]""", 1)]
    [InlineData("""["\uD83Dx\uDC00"]""", """["\ufffdx\ufffd"]""", 2)]
    [InlineData("""["\ud83d\ud83d\ude00"]""", """["\ufffd\ud83d\ude00"]""", 1)]
    [InlineData("""["\ude00\ud83d"]""", """["\ufffd\ufffd"]""", 2)]
    [InlineData("""{"\ud800":"\\\udfff"}""", """{"\ufffd":"\\\ufffd"}""", 2)]
    public void Halves_become_the_replacement_character(string json, string expected, int count) => Replace(json).ShouldBe((expected, count));

    [Theory]
    [InlineData("""["\ud83d\ude00"]""")]
    [InlineData("""["\\ud83d"]""")]
    [InlineData("""["\\\\ud83d"]""")]
    [InlineData("""["\u0041\n\"\\"]""")]
    [InlineData("""["😀"]""")]
    [InlineData("""["\ud8""")]
    [InlineData("""["\ud8zz"]""")]
    [InlineData("\"\\")]
    [InlineData("")]
    public void Everything_else_stays_as_it_is(string json) => Replace(json).ShouldBe((json, 0));

    private static (string Json, int Count) Replace(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var count = HalfPairs.Replace(bytes);
        return (Encoding.UTF8.GetString(bytes), count);
    }
}
