using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutSpanTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("exactly twenty bytes", "exactly twenty bytes")]
    [InlineData("one more than twenty.", "one more than twe...")]
    [InlineData("üüüüüüüüüü", "üüüüüüüüüü")]
    [InlineData("üüüüüüüüüüü", "üüüüüüüü...")]
    [InlineData("😀😀😀😀😀😀", "😀😀😀😀...")]
    [InlineData("[like JSON, and something else]", "[like JSON, and s...")]
    public void Cut_TextThatIsTooLong_KeepsItsBeginningInWholeCharacters(string text, string expected)
    {
        var cut = Span(text) with { Name = text, StatusDescription = text };

        cut = cut.Cut(20);

        ((string)cut.Attributes["text"]).ShouldBe(expected);
        cut.Name.ShouldBe(expected);
        cut.StatusDescription.ShouldBe(expected);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Cut_Json_StaysJson(int maxBytes)
    {
        var text = $$"""[{"role":"user","parts":[{"type":"text","content":"{{new string('ü', 2000)}}"}]}]""";

        var cut = (string)Span(text).Cut(maxBytes).Attributes["text"];

        Encoding.UTF8.GetByteCount(cut).ShouldBeLessThanOrEqualTo(maxBytes);
        JsonNode.Parse(cut).ShouldBeOfType<JsonArray>();
    }

    [Fact]
    public void Cut_WhatIsNoText_IsAsItWas()
    {
        var span = Span("x") with { Attributes = new Dictionary<string, object> { ["number"] = 1L, ["flag"] = true, ["list"] = new[] { "a" } } };

        span.Cut(16).Attributes.ShouldBe(span.Attributes);
    }

    private static RolloutSpan Span(string text) => new()
    {
        Reference = new SpanReference { TraceId = new string('1', 32), SpanId = new string('2', 16) },
        Name = "chat",
        StartUnixNs = 1,
        EndUnixNs = 2,
        Attributes = new Dictionary<string, object> { ["text"] = text },
    };
}
