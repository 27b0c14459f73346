namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>What is structure in the manifest and in the events of the log.</summary>
internal static class EventPlaces
{
    private static readonly Place Type = Place.WithMembers("type");

    private static readonly Place Reference = Place.WithMembers("raw_payload_id path", static (_, name) => name == "kind" ? Type : Place.Content);

    private static readonly Place Kind = Place.Either(Place.Structure, Place.WithMembers("type server tool name"));

    private static readonly Place Attributes = Place.WithMembers(
        "error.type gen_ai.request.model gen_ai.request.previous_response.id gen_ai.response.id gen_ai.response.model gen_ai.tool.type "
            + "mcp.method.name mcp.session.id rollout.status rollout.upstream_request_id rollout.code_cell.status rollout.tool.requester "
            + "rollout.link.caused_by rollout.link.waits_for rollout.link.continues",
        static (_, name) => name == "gen_ai.response.finish_reasons" ? Place.ListOf(Place.Structure) : Place.Content);

    private static readonly Place Otel = Place.WithMembers("trace_id span_id parent_span_id", static (_, name) => name == "attributes" ? Attributes : Place.Content);

    private static readonly Place Payload = Place.WithMembers(
        "type trace_id root_thread_id status thread_id codex_turn_id inference_call_id model provider_name response_id upstream_request_id "
            + "tool_call_id model_visible_call_id code_mode_runtime_tool_id mcp_call_id runtime_cell_id compaction_id compaction_request_id edge_id "
            + "child_thread_id child_codex_turn_id parent_thread_id event_type",
        static (_, name) => name switch
        {
            "requester" => Place.WithMembers("type runtime_cell_id"),
            "kind" => Kind,
            "summary" => Place.WithMembers("type operation_id label"),
            "payloads" => Place.ListOf(Reference),
            "metadata_payload" or "request_payload" or "response_payload" or "partial_response_payload" or "invocation_payload"
                or "runtime_payload" or "result_payload" or "checkpoint_payload" or "carried_payload" or "event_payload" => Reference,
            _ => Place.Content,
        });

    /// <summary>An event of the log.</summary>
    public static Place Event { get; } = Place.WithMembers("rollout_id thread_id codex_turn_id", static (_, name) => name switch
    {
        "payload" => Payload,
        "otel" => Otel,
        _ => Place.Content,
    });
}
