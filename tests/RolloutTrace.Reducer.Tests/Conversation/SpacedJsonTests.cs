using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Conversation;

public class SpacedJsonTests
{
    private const string Sound = """{"a b":[1,-2.5e3,"x \" {, \\",true,{}, null],"c":{"d":"","a b":[[]]}}""";

    [Theory]
    [InlineData("""{ "a b" : [ 1 , -2.5e3,"x \" {, \\",true,{ },null] ,"c":{"d":"","a b":[[ ] ]} }""", true)]
    [InlineData("""{"a b":[1,-2.5e3,"x \"  {, \\",true,{}, null],"c":{"d":"","a b":[[]]}}""", false)]
    [InlineData("""{"ab":[1,-2.5e3,"x \" {, \\",true,{}, null],"c":{"d":"","a b":[[]]}}""", false)]
    [InlineData("""{"a b":[1,-2.5 e3,"x \" {, \\",true,{}, null],"c":{"d":"","a b":[[]]}}""", false)]
    [InlineData("""{"a b":[1,-2.5e3,"x \" {, \\",tr ue,{}, null],"c":{"d":"","a b":[[]]}}""", false)]
    [InlineData("""{"a b":[1,-2.5e3,"x \" {, \\",true,{}, null],"c":{"d":"","a b":[[]]}""", false)]
    [InlineData("""{"a b":[1,-2.5e3,"x \" {, \\",true,{}, null],"c":{"d":"","a b":[[]]}}}""", false)]
    [InlineData("", false)]
    public void OnlyWhiteSpaceBetweenTokens_MayDiffer(string other, bool isSame) => SpacedJson.IsSame(Utf8(Sound), Utf8(other)).ShouldBe(isSame);

    // By the tokens of System.Text.Json: the same, or not sound, however somebody has typed into it.
    [Fact]
    public void IsSame_IsWhatHasTheSameTokens()
    {
        const string Typed = " \n\t\"\\{}[]:,1-e0atn\u00a0";
        var edit = Gen.Choose(0, 9999).Three();
        Prop.ForAll(Gen.Choose(0, 6).SelectMany(edit.ListOf).ToArbitrary(), edits =>
        {
            var other = new StringBuilder(Sound);
            foreach (var (where, what, which) in edits)
            {
                var at = where % other.Length;
                if (what % 8 == 0)
                {
                    other.Remove(at, 1);
                }

                // Mostly white space, which may be right.
                other.Insert(at, what % 8 == 7 ? Typed[which % Typed.Length] : Typed[which % 3]);
            }

            var tokens = Tokens(other.ToString());
            SpacedJson.IsSame(Utf8(Sound), Utf8(other.ToString())).ShouldBe(tokens == Tokens(Sound), other.ToString());
        }).ShouldHold(400);
    }

    private static string? Tokens(string json)
    {
        try
        {
            var tokens = new StringBuilder();
            var reader = new Utf8JsonReader(Utf8(json));
            while (reader.Read())
            {
                tokens.Append(reader.TokenType).Append(' ').Append(Encoding.UTF8.GetString(reader.ValueSpan)).Append('\0');
            }

            return tokens.ToString();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
