using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Tests;

public sealed class ItemTextTests
{
    [Theory]
    [InlineData("", 10, "")]
    [InlineData("short", 5, "short")]
    [InlineData("longer", 5, "long…")]
    [InlineData("  two \n\t lines \r\n", 80, "two lines")]
    [InlineData("bell\aand\u001b[31mescape", 80, "bell and [31mescape")]
    [InlineData("a🚀b", 3, "a…")]
    [InlineData("ab", 1, "…")]
    public void Preview_AnyText_IsOneLineOfThatLength(string text, int length, string expected) =>
        ItemText.Preview(text, length).ShouldBe(expected);
}
