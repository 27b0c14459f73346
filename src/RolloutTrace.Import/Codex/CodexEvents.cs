namespace RolloutTrace.Import.Codex;

/// <summary>The events of a log by what they are to a conversation.</summary>
internal static class CodexEvents
{
    /// <summary>Whether an event only repeats what items say. It leaves nothing.</summary>
    public static bool Repeats(string? type) => type is "user_message" or "agent_message" or "agent_reasoning" or "agent_reasoning_raw_content"
        or "agent_reasoning_section_break" or "context_compacted" or "item_completed";

    /// <summary>Whether it is one of those that are known, and kept as breadcrumbs.</summary>
    public static bool IsExpected(string? type) => type is "error" or "warning" or "stream_error" or "exec_command_begin" or "exec_command_end"
        or "mcp_tool_call_begin" or "mcp_tool_call_end" or "patch_apply_begin" or "patch_apply_end" or "web_search_begin" or "web_search_end"
        or "view_image_tool_call" or "image_generation_end" or "entered_review_mode" or "exited_review_mode" or "undo_completed" or "plan_update"
        or "thread_name_updated" or "turn_diff" or "background_event" or "dynamic_tool_call_request" or "dynamic_tool_call_response"
        or "collab_agent_spawn_begin" or "collab_agent_spawn_end" or "collab_agent_interaction_begin" or "collab_agent_interaction_end" or "collab_waiting_begin" or "collab_waiting_end" or "collab_close_begin" or "collab_close_end"
        or "collab_resume_begin" or "collab_resume_end" or "thread_goal_updated" or "thread_rolled_back";
}
