using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>What a raw event observed: one sealed record an event type, told apart in JSON by <c>type</c>.</summary>
/// <remarks>
/// The record of an event is the one place that knows its form: members, <c>Read</c>, <c>Write</c> and payloads. Only its name is
/// needed here as well, once for each table.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RolloutStartedEvent), RolloutStartedEvent.TypeName)]
[JsonDerivedType(typeof(RolloutEndedEvent), RolloutEndedEvent.TypeName)]
[JsonDerivedType(typeof(ThreadStartedEvent), ThreadStartedEvent.TypeName)]
[JsonDerivedType(typeof(ThreadEndedEvent), ThreadEndedEvent.TypeName)]
[JsonDerivedType(typeof(CodexTurnStartedEvent), CodexTurnStartedEvent.TypeName)]
[JsonDerivedType(typeof(CodexTurnEndedEvent), CodexTurnEndedEvent.TypeName)]
[JsonDerivedType(typeof(InferenceStartedEvent), InferenceStartedEvent.TypeName)]
[JsonDerivedType(typeof(InferenceCompletedEvent), InferenceCompletedEvent.TypeName)]
[JsonDerivedType(typeof(InferenceFailedEvent), InferenceFailedEvent.TypeName)]
[JsonDerivedType(typeof(InferenceCancelledEvent), InferenceCancelledEvent.TypeName)]
[JsonDerivedType(typeof(ToolCallStartedEvent), ToolCallStartedEvent.TypeName)]
[JsonDerivedType(typeof(McpToolCallCorrelationAssignedEvent), McpToolCallCorrelationAssignedEvent.TypeName)]
[JsonDerivedType(typeof(ToolCallRuntimeStartedEvent), ToolCallRuntimeStartedEvent.TypeName)]
[JsonDerivedType(typeof(ToolCallRuntimeEndedEvent), ToolCallRuntimeEndedEvent.TypeName)]
[JsonDerivedType(typeof(ToolCallEndedEvent), ToolCallEndedEvent.TypeName)]
[JsonDerivedType(typeof(CodeCellStartedEvent), CodeCellStartedEvent.TypeName)]
[JsonDerivedType(typeof(CodeCellInitialResponseEvent), CodeCellInitialResponseEvent.TypeName)]
[JsonDerivedType(typeof(CodeCellEndedEvent), CodeCellEndedEvent.TypeName)]
[JsonDerivedType(typeof(CompactionRequestStartedEvent), CompactionRequestStartedEvent.TypeName)]
[JsonDerivedType(typeof(CompactionRequestCompletedEvent), CompactionRequestCompletedEvent.TypeName)]
[JsonDerivedType(typeof(CompactionRequestFailedEvent), CompactionRequestFailedEvent.TypeName)]
[JsonDerivedType(typeof(CompactionInstalledEvent), CompactionInstalledEvent.TypeName)]
[JsonDerivedType(typeof(AgentResultObservedEvent), AgentResultObservedEvent.TypeName)]
[JsonDerivedType(typeof(ProtocolEventObservedEvent), ProtocolEventObservedEvent.TypeName)]
[JsonDerivedType(typeof(OtherEvent), OtherEvent.TypeName)]
public abstract record RawEventPayload
{
    private protected RawEventPayload()
    {
    }

    /// <summary>The payloads that the event names, in the order of its members.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<PayloadReference> PayloadReferences => [];

    /// <summary>
    /// The payload whose content a replay of the event needs, or nearly always needs; null if there is none. A reader may read it
    /// ahead. It is the very object that <see cref="PayloadReferences"/> holds.
    /// </summary>
    [JsonIgnore]
    public virtual PayloadReference? NeededPayload => null;

    /// <summary>
    /// The members behind <c>type</c> of a line in canonical form. An initializer runs in the order in which it is written, so a
    /// record's <c>Read</c> lists its members as they stand on the line.
    /// </summary>
    internal static RawEventPayload? Read(ref CanonicalJson json, ReadOnlySpan<char> type) => type switch
    {
        RolloutStartedEvent.TypeName => RolloutStartedEvent.Read(ref json),
        RolloutEndedEvent.TypeName => RolloutEndedEvent.Read(ref json),
        ThreadStartedEvent.TypeName => ThreadStartedEvent.Read(ref json),
        ThreadEndedEvent.TypeName => ThreadEndedEvent.Read(ref json),
        CodexTurnStartedEvent.TypeName => CodexTurnStartedEvent.Read(ref json),
        CodexTurnEndedEvent.TypeName => CodexTurnEndedEvent.Read(ref json),
        InferenceStartedEvent.TypeName => InferenceStartedEvent.Read(ref json),
        InferenceCompletedEvent.TypeName => InferenceCompletedEvent.Read(ref json),
        InferenceFailedEvent.TypeName => InferenceFailedEvent.Read(ref json),
        InferenceCancelledEvent.TypeName => InferenceCancelledEvent.Read(ref json),
        ToolCallStartedEvent.TypeName => ToolCallStartedEvent.Read(ref json),
        McpToolCallCorrelationAssignedEvent.TypeName => McpToolCallCorrelationAssignedEvent.Read(ref json),
        ToolCallRuntimeStartedEvent.TypeName => ToolCallRuntimeStartedEvent.Read(ref json),
        ToolCallRuntimeEndedEvent.TypeName => ToolCallRuntimeEndedEvent.Read(ref json),
        ToolCallEndedEvent.TypeName => ToolCallEndedEvent.Read(ref json),
        CodeCellStartedEvent.TypeName => CodeCellStartedEvent.Read(ref json),
        CodeCellInitialResponseEvent.TypeName => CodeCellInitialResponseEvent.Read(ref json),
        CodeCellEndedEvent.TypeName => CodeCellEndedEvent.Read(ref json),
        CompactionRequestStartedEvent.TypeName => CompactionRequestStartedEvent.Read(ref json),
        CompactionRequestCompletedEvent.TypeName => CompactionRequestCompletedEvent.Read(ref json),
        CompactionRequestFailedEvent.TypeName => CompactionRequestFailedEvent.Read(ref json),
        CompactionInstalledEvent.TypeName => CompactionInstalledEvent.Read(ref json),
        AgentResultObservedEvent.TypeName => AgentResultObservedEvent.Read(ref json),
        ProtocolEventObservedEvent.TypeName => ProtocolEventObservedEvent.Read(ref json),
        OtherEvent.TypeName => OtherEvent.Read(ref json),
        _ => null,
    };

    /// <summary>Writes all members, <c>type</c> first, as <see cref="BundleJsonContext"/> would.</summary>
    internal abstract void Write(Utf8JsonWriter json);
}
