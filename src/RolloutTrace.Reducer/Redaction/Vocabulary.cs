using System.Collections.Frozen;
using RolloutTrace.Reducer.Scrubbing;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>The words of the format, by which a bundle is read: they stay, whatever a pattern matches.</summary>
internal static class Vocabulary
{
    private static readonly FrozenSet<string> Members = FrozenSet.Create(
        StringComparer.Ordinal, "type", "status", "role", "kind", "phase", "object", "name", "tool_name", "tool", "event_type", "raw_event_log", "payloads_dir", "source");

    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        """
        rollout_started rollout_ended thread_started thread_ended codex_turn_started codex_turn_ended inference_started inference_completed
        inference_failed inference_cancelled tool_call_started mcp_tool_call_correlation_assigned tool_call_runtime_started
        tool_call_runtime_ended tool_call_ended code_cell_started code_cell_initial_response code_cell_ended compaction_request_started
        compaction_request_completed compaction_request_failed compaction_installed agent_result_observed protocol_event_observed other
        inference_request inference_response compaction_request compaction_response compaction_checkpoint tool_invocation tool_result
        tool_runtime_event terminal_runtime_event protocol_event session_metadata agent_result
        running completed failed aborted cancelled starting yielded terminated declined incomplete in_progress started interacted interrupted
        model code_cell exec_command write_stdin apply_patch web image_generation spawn_agent assign_agent_task send_message wait_agent
        close_agent mcp generic terminal agent exec wait local_shell shell shell_command web_search image_query followup_task assign_task
        interrupt_agent direct_response code_mode_response error function custom tool_search
        message reasoning function_call function_call_output custom_tool_call custom_tool_call_output local_shell_call web_search_call
        tool_search_call tool_search_output mcp_call agent_message compaction compaction_summary context_compaction
        input_text output_text summary_text reasoning_text refusal input_image input_file encrypted_content text image image_url document
        tool_use thinking redacted_thinking server_tool_use mcp_tool_use tool_call tool_call_response response
        message_start message_delta message_stop content_block_start content_block_delta content_block_stop text_delta input_json_delta thinking_delta
        signature_delta chat.completion chat.completion.chunk
        system developer user assistant final commentary
        string object number integer boolean array null true false
        trace.jsonl payloads
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>Whether a text is such a word, in a member that has one.</summary>
    public static bool Keeps(string? member, string text) =>
        member is not null && Members.Contains(member) && (Words.Contains(text) || text.StartsWith("response.", StringComparison.Ordinal));

    /// <summary>Whether a text is such a word anywhere, which no secret is taken elsewhere for.</summary>
    public static bool IsWord(string text) => Words.Contains(text) || KnownNames.Contains(text);

    /// <summary>Whether a name is one of the format's.</summary>
    public static bool IsName(string name) => KnownNames.Contains(name);
}
