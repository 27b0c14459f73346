using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>The free texts that events carry themselves, outside their payloads.</summary>
internal static class EventTexts
{
    /// <summary>The event with each of its texts replaced by what <paramref name="replace"/> gives for it.</summary>
    /// <param name="rawEvent">The event; it is not changed.</param>
    /// <param name="replace">Takes the event's type and member, joined by a dot, and the text.</param>
    public static RawEventPayload Replace(RawEventPayload rawEvent, Func<string, string, string> replace) => rawEvent switch
    {
        CodeCellStartedEvent e => e with { SourceJs = replace("code_cell_started.source_js", e.SourceJs) },
        AgentResultObservedEvent e => e with { Message = replace("agent_result_observed.message", e.Message) },
        InferenceFailedEvent e => e with { Error = replace("inference_failed.error", e.Error) },
        InferenceCancelledEvent e => e with { Reason = replace("inference_cancelled.reason", e.Reason) },
        CompactionRequestFailedEvent e => e with { Error = replace("compaction_request_failed.error", e.Error) },
        ToolCallStartedEvent { Summary: GenericSummary summary } e => e with
        {
            Summary = summary with
            {
                InputPreview = Replace(summary.InputPreview, "tool_call_started.summary.input_preview", replace),
                OutputPreview = Replace(summary.OutputPreview, "tool_call_started.summary.output_preview", replace),
            },
        },
        ToolCallStartedEvent { Summary: AgentSummary summary } e => e with
        {
            Summary = summary with { MessagePreview = replace("tool_call_started.summary.message_preview", summary.MessagePreview) },
        },
        _ => rawEvent,
    };

    private static string? Replace(string? text, string member, Func<string, string, string> replace) =>
        text is null ? null : replace(member, text);
}
