using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class JsonMembersTests
{
    [Theory]
    [InlineData("""{"a":1,"b":"x","c":[1,{"d":"]"}],"e":{"f":"}\""},"g":null}""", """a=1 b="x" c=[1,{"d":"]"}] e={"f":"}\""} g=null""")]
    [InlineData(" \n{ \"a\" : true ,\t\"b\" : -1.5e3 } ", "a=true b=-1.5e3")]
    [InlineData("""{"a":"\\","b":"\\\""}""", """a="\\" b="\\\"" """)]
    [InlineData("{}", "")]
    [InlineData("[1,2]", "")]
    [InlineData("", "")]
    [InlineData("\"text\"", "")]
    public void The_members_of_the_root_come_one_after_the_other(string json, string members) => Print(json).ShouldBe(members.TrimEnd());

    [Theory]
    [InlineData("""{"a":1,"b""", "a=1")]
    [InlineData("""{"a":1,"b":""", "a=1")]
    [InlineData("""{"a":1,"b":[1,2""", "a=1")]
    [InlineData("""{"a":1,"b":"x\""", "a=1")]
    [InlineData("""{"a":1,"b":"x\\""", "a=1")]
    [InlineData("""{"a":1,b:2}""", "a=1")]
    public void What_breaks_off_has_the_members_that_came_whole(string json, string members) => Print(json).ShouldBe(members);

    [Fact]
    public void Any_object_has_the_members_that_the_parser_finds() => Prop
        .ForAll(ArbMap.Default.ArbFor<(NonNull<string> Name, NonNull<string> Text, int Number, bool Flag)[]>(), entries =>
        {
            var root = new JsonObject();
            foreach (var (name, text, number, flag) in entries)
            {
                root[name.Get] = flag ? JsonValue.Create(text.Get) : new JsonArray(number, new JsonObject { [text.Get] = name.Get, ["]}"] = "[{\"" });
            }

            var json = root.ToJsonString();
            var expected = JsonDocument.Parse(json).RootElement.EnumerateObject().Select(static member => member.Value.GetRawText());

            return Values(json).SequenceEqual(expected);
        })
        .ShouldHold();

    private static string Print(string json)
    {
        var text = new List<string>();
        var members = new JsonMembers(Encoding.UTF8.GetBytes(json));
        while (members.Next())
        {
            text.Add($"{Encoding.UTF8.GetString(members.Name)}={Encoding.UTF8.GetString(members.Value)}");
        }

        return string.Join(' ', text);
    }

    private static List<string> Values(string json)
    {
        var values = new List<string>();
        var members = new JsonMembers(Encoding.UTF8.GetBytes(json));
        while (members.Next())
        {
            values.Add(Encoding.UTF8.GetString(members.Value));
        }

        return values;
    }
}
