using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>The generated JSON contract of the payloads that are shaped here: snake_case members, nulls written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata, MaxDepth = 128, Converters = [typeof(LongTextConverter)])]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(SessionMetadataPayload))]
[JsonSerializable(typeof(SubagentSource))]
[JsonSerializable(typeof(ModelResponsePayload))]
[JsonSerializable(typeof(CheckpointPayload))]
[JsonSerializable(typeof(AgentResultPayload))]
[JsonSerializable(typeof(AgentEndStatus))]
[JsonSerializable(typeof(ToolInput))]
[JsonSerializable(typeof(ToolInvocationPayload))]
[JsonSerializable(typeof(ToolResultPayload))]
[JsonSerializable(typeof(CellResponsePayload))]
[JsonSerializable(typeof(CellStartPayload))]
[JsonSerializable(typeof(CommandRuntimePayload))]
[JsonSerializable(typeof(PatchRuntimePayload))]
[JsonSerializable(typeof(McpRuntimePayload))]
[JsonSerializable(typeof(AgentActivityPayload))]
[JsonSerializable(typeof(AgentSpawnEndPayload))]
[JsonSerializable(typeof(AgentInteractionEndPayload))]
[JsonSerializable(typeof(WorkRuntimePayload))]
[JsonSerializable(typeof(TerminalOutputPayload))]
internal sealed partial class PayloadJsonContext : JsonSerializerContext;
