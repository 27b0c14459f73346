using System.Text.Json.Serialization;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>The generated JSON contract of <see cref="StoredOverview"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 8)]
[JsonSerializable(typeof(StoredOverview))]
internal sealed partial class StoredOverviewContext : JsonSerializerContext;
