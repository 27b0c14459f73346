using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Tests.Reading;

public sealed class PythonLiteralTests
{
    [Theory]
    [InlineData("{'city': 'Oslo'}", """{"city":"Oslo"}""")]
    [InlineData("{'a': [1, -2.5, None, True, False], \"b\": {'c': {}}}", """{"a":[1,-2.5,null,true,false],"b":{"c":{}}}""")]
    [InlineData(@"['it\'s', ""say \""yes\"""", '\n\x41\u00e9']", """["it's","say \"yes\"","\nAé"]""")]
    public void What_Python_prints_is_the_JSON_that_it_stands_for(string text, string json) => PythonLiteral.ToJson(text).ShouldBe(json);

    [Theory]
    [InlineData("""{"city":"Oslo"}""")]
    [InlineData("{'city': Oslo}")]
    [InlineData("{'city': 'Oslo'} and more")]
    [InlineData("{'city'")]
    [InlineData("{'city': '\\x4")]
    [InlineData("{'city':")]
    [InlineData("['a' 'b']")]
    [InlineData("[,]")]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("plain")]
    [InlineData("")]
    public void Anything_else_stays_what_it_is(string text) => PythonLiteral.ToJson(text).ShouldBeNull();
}
