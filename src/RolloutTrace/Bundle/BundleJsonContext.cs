using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>
/// The generated JSON contract of the bundle: snake_case members, nulls written, unknown members ignored,
/// missing, repeated or wrongly typed ones refused.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = 128)]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(BundleHole))]
[JsonSerializable(typeof(RawEvent))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
internal sealed partial class BundleJsonContext : JsonSerializerContext;
