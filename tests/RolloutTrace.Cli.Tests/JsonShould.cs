using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests;

internal static class JsonShould
{
    /// <summary>Equal as JSON: the order of members is free, that of lists is not.</summary>
    public static void ShouldBeEquivalentToJson(this string actual, string expected, string? because = null)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected)))
        {
            actual.ShouldBe(expected, because);
        }
    }
}
