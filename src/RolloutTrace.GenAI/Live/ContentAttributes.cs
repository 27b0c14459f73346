using System.Diagnostics;
using System.Reflection;
using RolloutTrace.GenAI.Dialects;

namespace RolloutTrace.GenAI.Live;

/// <summary>Takes what was said off a span, so that no exporter sees it.</summary>
internal static class ContentAttributes
{
    private static readonly string[] Names =
    [
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result",
        "gen_ai.prompt", "gen_ai.completion", "llm.prompts", "tool_call.function.arguments",
        "ai.prompt", "ai.response.text", "ai.response.object", "ai.response.toolCalls", "ai.response.reasoning", "ai.result.text", "ai.result.toolCalls",
        "ai.toolCall.args", "ai.toolCall.input", "ai.toolCall.result", "ai.toolCall.output", "traceloop.entity.input", "traceloop.entity.output", "tool_arguments", "tool_response",
        .. SpanDialects.Content,
    ];

    private static readonly string[] Prefixes = ["gen_ai.prompt.", "gen_ai.completion.", "llm.input_messages.", "llm.output_messages.", "llm.prompts.", "ai.prompt."];

    // There is no way to take an event off an activity but this one.
    private static readonly FieldInfo? EventsField = typeof(Activity).GetField("_events", BindingFlags.Instance | BindingFlags.NonPublic);

    public static bool IsContent(string name)
    {
        if (Array.IndexOf(Names, name) >= 0)
        {
            return true;
        }

        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes content off the span. Where that cannot be done, the span is not exported.</summary>
    public static void Strip(Activity activity)
    {
        List<string>? found = null;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (IsContent(tag.Key))
            {
                (found ??= []).Add(tag.Key);
            }
        }

        // A name that stands there twice has to be taken off twice.
        foreach (var name in found ?? [])
        {
            activity.SetTag(name, null);
        }

        StripEvents(activity);
    }

    private static void StripEvents(Activity activity)
    {
        var kept = new List<ActivityEvent>();
        var hasContent = false;
        foreach (ref readonly var happened in activity.EnumerateEvents())
        {
            if (IsMessage(happened))
            {
                hasContent = true;
            }
            else
            {
                kept.Add(happened);
            }
        }

        if (!hasContent)
        {
            return;
        }

        if (EventsField is null)
        {
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        EventsField.SetValue(activity, null);
        foreach (var happened in kept)
        {
            activity.AddEvent(happened);
        }
    }

    private static bool IsMessage(in ActivityEvent happened)
    {
        if (happened.Name is "gen_ai.choice" or "gen_ai.content.prompt" or "gen_ai.content.completion" or "gen_ai.client.inference.operation.details"
            || (happened.Name.StartsWith("gen_ai.", StringComparison.Ordinal) && happened.Name.EndsWith(".message", StringComparison.Ordinal)))
        {
            return true;
        }

        return false;
    }
}
