using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>
/// The state of a rollout: the conversation that the model saw, the runtime objects around it, and the edges
/// between agents, each keyed by its id in ordinal order. In JSON it is the document <c>state.json</c>.
/// </summary>
public sealed record RolloutGraph
{
    /// <summary>Version of the format; 1.</summary>
    public int SchemaVersion { get; init; } = BundleLayout.SchemaVersion;

    /// <summary>Identity of the recording.</summary>
    public required string TraceId { get; init; }

    /// <summary>Identity of the rollout.</summary>
    public required string RolloutId { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>When the rollout ended, in milliseconds since the Unix epoch; null if no end was recorded.</summary>
    public long? EndedAtUnixMs { get; init; }

    /// <summary>How it stands.</summary>
    public required RolloutStatus Status { get; init; }

    /// <summary>The root agent's thread.</summary>
    public required string RootThreadId { get; init; }

    /// <summary>The agents' threads.</summary>
    public required IReadOnlyDictionary<string, AgentThread> Threads { get; init; }

    /// <summary>The turns.</summary>
    public required IReadOnlyDictionary<string, CodexTurn> CodexTurns { get; init; }

    /// <summary>What the models saw and said.</summary>
    public required IReadOnlyDictionary<string, ConversationItem> ConversationItems { get; init; }

    /// <summary>The model requests.</summary>
    public required IReadOnlyDictionary<string, InferenceCall> InferenceCalls { get; init; }

    /// <summary>The code cells.</summary>
    public required IReadOnlyDictionary<string, RecordedCodeCell> CodeCells { get; init; }

    /// <summary>The tool calls.</summary>
    public required IReadOnlyDictionary<string, RecordedToolCall> ToolCalls { get; init; }

    /// <summary>The processes in terminals.</summary>
    public required IReadOnlyDictionary<string, TerminalSession> TerminalSessions { get; init; }

    /// <summary>The operations on terminals.</summary>
    public required IReadOnlyDictionary<string, TerminalOperation> TerminalOperations { get; init; }

    /// <summary>The installed compactions.</summary>
    public required IReadOnlyDictionary<string, RecordedCompaction> Compactions { get; init; }

    /// <summary>The model requests made for compactions.</summary>
    public required IReadOnlyDictionary<string, RecordedCompactionRequest> CompactionRequests { get; init; }

    /// <summary>What went between agents.</summary>
    public required IReadOnlyDictionary<string, InteractionEdge> InteractionEdges { get; init; }

    /// <summary>Every payload that an event names.</summary>
    public required IReadOnlyDictionary<string, PayloadReference> RawPayloads { get; init; }

    /// <summary>What a tolerant reduction found wrong with the bundle; null, and left out of JSON, if nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReductionDiagnostic>? Diagnostics { get; init; }

    /// <summary>Writes the state as JSON, UTF-8, without a byte order mark.</summary>
    public void Save(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        StateWriter.Write(this, destination);
    }

    /// <summary>Reads a state that <see cref="Save"/>, or Codex's reducer, has written.</summary>
    /// <exception cref="JsonException">The document is not a state.</exception>
    public static RolloutGraph Load(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return JsonSerializer.Deserialize(source, RolloutJsonContext.Default.RolloutGraph)
            ?? throw new JsonException("the state is null");
    }
}
