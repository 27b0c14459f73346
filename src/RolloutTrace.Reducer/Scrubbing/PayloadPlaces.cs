using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>What is structure in a payload, by the event and the member that names it.</summary>
internal static class PayloadPlaces
{
    private static readonly Place ToolResult = Place.WithMembers("type process_id", static (_, name) => name switch
    {
        "response_item" => ItemPlaces.Item,
        "value" => Place.WithMembers("chunk_id"),
        _ => Place.Content,
    });

    private static readonly Place Runtime = Place.Either(ToolResult, Place.WithMembers(
        "call_id turn_id process_id source status event_id agent_thread_id kind sender_thread_id receiver_thread_id new_thread_id model reasoning_effort",
        static (_, name) => name == "invocation" ? Place.WithMembers("server tool") : Place.Content));

    private static readonly Place Invocation = Place.WithMembers("tool_name tool_namespace", static (invocation, name) => name == "payload"
        ? Place.WithMembers("type", (_, member) => member == "arguments" ? ItemPlaces.Arguments(Place.Peek(invocation, "tool_name")) : Place.Content)
        : Place.Content);

    private static readonly Place Spawn = Place.WithMembers("parent_thread_id");

    private static readonly Place Source = Within("subagent", Within("thread_spawn", Spawn));

    private static readonly Place Metadata = Place.WithMembers(
        "thread_id model provider_name approval_policy", static (_, name) => name == "session_source" ? Source : Place.Content);

    private static readonly Place AgentResult = Place.WithMembers("status");

    /// <summary>The payloads that an event names, and what is known of each.</summary>
    public static IEnumerable<(PayloadReference Reference, Place Place)> Of(RawEventPayload payload)
    {
        var place = PlaceOf(payload) ?? Place.Content;
        return payload.PayloadReferences.Select(reference => (reference, place));
    }

    /// <summary>What is known of an event's payloads; null of an event that names none, or that nobody has thought of here.</summary>
    internal static Place? PlaceOf(RawEventPayload payload) => payload switch
    {
        InferenceStartedEvent or CompactionRequestStartedEvent => ItemPlaces.Request,
        InferenceCompletedEvent or InferenceFailedEvent or InferenceCancelledEvent or CompactionRequestCompletedEvent => ItemPlaces.Response,
        CompactionInstalledEvent => ItemPlaces.Checkpoint,
        ThreadStartedEvent => Metadata,
        ToolCallStartedEvent => Invocation,
        ToolCallRuntimeStartedEvent or ToolCallRuntimeEndedEvent => Runtime,
        ToolCallEndedEvent => ToolResult,
        AgentResultObservedEvent => AgentResult,
        ProtocolEventObservedEvent or CodeCellInitialResponseEvent or CodeCellEndedEvent or OtherEvent => Place.Content,
        _ => null,
    };

    private static Place Within(string member, Place place) => new() { Member = (_, name) => name == member ? place : Place.Content };
}
