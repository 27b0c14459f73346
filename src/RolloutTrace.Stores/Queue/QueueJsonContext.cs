using System.Text.Json.Serialization;

namespace RolloutTrace.Stores;

/// <summary>The messages of the queue as JSON.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RolloutMessage))]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class QueueJsonContext : JsonSerializerContext;
