using System.Text.Json.Serialization;

namespace RolloutTrace.Stores;

/// <summary>The messages of the queue as JSON.</summary>
[JsonSerializable(typeof(RolloutMessage))]
internal sealed partial class QueueJsonContext : JsonSerializerContext;
