using RolloutTrace.Payloads;

namespace RolloutTrace.Tests.Payloads;

public class McpFailureTests
{
    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"no such city"},{"type":"image","data":"AA=="},{"type":"text","text":"ask again"}],"isError":true}""", "no such city\nask again")]
    [InlineData("""[{"type":"text","text":"no such city"}]""", "no such city")]
    public void What_the_server_says_is_the_texts_of_its_result(string told, string words) => McpFailure.Words(told).ShouldBe(words);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no such city")]
    [InlineData("""{"content":[{"type":"text","text":"sunny"}]}""")]
    [InlineData("""{"isError":true,"content":[{"type":"image","text":" "}]}""")]
    [InlineData("""[{"type":"text","text":7},"text",null]""")]
    [InlineData("""[{"type":"text","text":"cut in the mid""")]
    [InlineData("""[{"type":"text","text":"half a pair: \ud800"}]""")]
    public void Anything_else_is_told_as_it_is(string? told) => McpFailure.Words(told).ShouldBe(told);

    [Fact]
    public void Half_of_a_surrogate_pair_is_told_as_it_is()
    {
        var told = string.Concat("""[{"type":"text","text":"half a pair: """, (char)0xD800, "\"}]");

        McpFailure.Words(told).ShouldBe(told);
    }
}
