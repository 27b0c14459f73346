using System.Text.Json.Serialization;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>The generated JSON contract of comparisons.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = MaxDepth)]
[JsonSerializable(typeof(RolloutComparison))]
[JsonSerializable(typeof(RunsComparison))]
[JsonSerializable(typeof(Dictionary<string, ModelPrice>))]
internal sealed partial class ComparisonJsonContext : JsonSerializerContext
{
    // A tree is as deep as there are runs.
    private const int MaxDepth = 4096;
}
