using System.Collections.Frozen;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>
/// Names of members that tell nothing, since everybody's bundles have them: those of the format, of providers' requests and
/// responses, and of common tools' arguments. Any other name may be content, as the paths are by which a patch lists its changes.
/// </summary>
internal static class KnownNames
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        """
        Err Ok Result Yielded a action agent_nickname agent_path agent_role agent_thread_id agent_type aggregated_output approval_policy
        arguments author auto_approved b cache_write_input_tokens cached_input_tokens call_id cell_id changes chars child_agent_path
        chunk_id cmd command completed completed_at_ms content content_items cwd depth detail duration edge_id effort
        encrypted_content error error_text errored event_id event_type exit_code file_id formatted_output id image_url include
        input input_history input_tokens instructions interaction_input invocation k kind label max_output_tokens message metadata
        mime_type model n name namespace nanos new_thread_id nickname occurred_at_ms original_token_count other_recipients output
        output_index output_items output_tokens parallel_tool_calls parameters parent_thread_id parsed_cmd path payload phase plan
        previous_response_id process_id prompt prompt_cache_key provider_name q queries query reason reasoning reasoning_effort
        reasoning_output_tokens receiver_thread_id recipient refusal replacement_history response response_id response_item role
        rollout_path sandbox_policy secs sender_thread_id server service_tier session_id session_source source
        started_at_ms status stderr stdout step store stream strict structured_content subagent success summary target task_name text
        thread_id thread_spawn timeout_ms token_usage tool tool_choice tool_name tool_namespace tools total_tokens trigger_turn turn_id type
        unified_diff upstream_request_id url usage value wall_time_seconds workdir yield_time_ms z
        description properties required additionalProperties items enum
        attributes input_preview message_preview otel output_preview payloads schema_version seq source_js span_id target_agent_path
        wall_time_unix_ms
        messages tool_calls tool_call_id function custom choices message finish_reason delta index object created contents parts functionCall
        function_call functionResponse function_response args response candidates finishReason systemInstruction generationConfig
        functionDeclarations inlineData fileData thought thoughtSignature usageMetadata promptTokenCount candidatesTokenCount totalTokenCount
        thoughtsTokenCount cachedContentTokenCount responseId modelVersion system tool_use_id is_error thinking signature data media_type
        input_schema stop_reason stop_sequence cache_creation_input_tokens cache_read_input_tokens cache_control content_block partial_json
        prompt_tokens completion_tokens prompt_tokens_details completion_tokens_details cached_tokens reasoning_tokens input_tokens_details
        output_tokens_details reasoning_content audio image file file_data result blob uri temperature max_tokens top_p
        error.type gen_ai.agent.name gen_ai.request.model gen_ai.request.previous_response.id gen_ai.response.finish_reasons
        gen_ai.response.id gen_ai.response.model gen_ai.tool.type mcp.method.name mcp.session.id parent_span_id
        process.executable.name process.exit.code process.pid rollout.cancel.reason rollout.status rollout.upstream_request_id
        rollout.code_cell.status rollout.tool.requester rollout.link.caused_by rollout.link.waits_for rollout.link.continues
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Append(PayloadMarkerName.Error),
        StringComparer.Ordinal);

    /// <summary>Whether one of them begins so.</summary>
    public static bool BeginWith(string text) => Names.Any(name => name.StartsWith(text, StringComparison.Ordinal));

    public static bool Contains(string name) => Names.Contains(name);
}
