using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>The generated JSON contract of the state: snake_case members, nulls written unless a member says otherwise.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowOutOfOrderMetadataProperties = true,
    MaxDepth = 128)]
[JsonSerializable(typeof(RolloutGraph))]
[JsonSerializable(typeof(ReductionDiagnostic))]
internal sealed partial class RolloutJsonContext : JsonSerializerContext;
