using System.Diagnostics;
using System.Runtime.CompilerServices;
using RolloutTrace.GenAI.Dialects;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Tells what a span is by its attributes; its source does not count.</summary>
internal static class SpanRoles
{
    private const string CompactionName = "compaction.compact";
    private const string OrchestrationName = "orchestrate_tools";
    private const string WorkflowName = "workflow.run";

    public static SpanRole Of(TagTable tags, string name, ActivityKind kind)
    {
        if (OfOwnExport(tags) is { } own)
        {
            return own;
        }

        if (IsPending(tags))
        {
            return SpanRole.None;
        }

        if (kind == ActivityKind.Server && tags.Has(RolloutAttributes.Mcp.MethodName))
        {
            // The other side of a call, which whoever calls has as a tool.
            return SpanRole.None;
        }

        if (OfOperation(tags) is var byOperation and not SpanRole.None)
        {
            return byOperation;
        }

        if (tags.Text("openinference.span.kind") is { } openInference)
        {
            return OfOpenInference(openInference);
        }

        if (tags.Text("ai.operationId") is { } operationId)
        {
            return OfVercel(operationId);
        }

        if (tags.Text("traceloop.span.kind") is { } traceloop)
        {
            return OfTraceloop(traceloop);
        }

        return OfUnnamed(tags, name, kind);
    }

    // Of what does not say by the conventions' words what it is.
    private static SpanRole OfUnnamed(TagTable tags, string name, ActivityKind kind)
    {
        if (name == CompactionName || tags.Has("compaction.strategy"))
        {
            return SpanRole.Compaction;
        }

        if (kind == ActivityKind.Client && tags.Text("http.request.method", "http.method") is not null)
        {
            return SpanRole.Http;
        }

        if (!tags.Has("gen_ai.operation.name") && OfPart(tags) is { } part)
        {
            return part;
        }

        if (name == WorkflowName && tags.Has("workflow.id"))
        {
            return SpanRole.Workflow;
        }

        if (IsUnnamedChat(tags))
        {
            return SpanRole.Chat;
        }

        if (name.StartsWith("ai.", StringComparison.Ordinal) && tags.HasPrefix("ai."))
        {
            return OfVercel(name);
        }

        return name == OrchestrationName || (!tags.Has("gen_ai.operation.name") && tags.HasPrefix("gen_ai.")) ? SpanRole.Wrapper : SpanRole.None;
    }

    /// <summary>Whether a span says only that the one above it has begun, which comes itself.</summary>
    public static bool IsPending(TagTable tags) => tags.Text("logfire.span_type") is "pending_span";

    /// <summary>The word by which a span says what it is; null if it says nothing.</summary>
    public static string? KindOf(TagTable tags) =>
        tags.Text("gen_ai.operation.name", "openinference.span.kind", "traceloop.span.kind", "langfuse.observation.type", "mlflow.spanType", "gen_ai.span.kind", "agentops.span.kind")?.Trim('"').ToLowerInvariant();

    /// <summary>Whether an attribute of this name may make a span one of interest: the cheap question before the whole one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTelling(string attribute) => attribute.Length > 3 && attribute[0] is 'g' or 'a' or 'b' or 'o' or 't' or 'l' or 'c' && IsTellingFrom(attribute);

    private static bool IsTellingFrom(string attribute) => attribute.Length > 3 && attribute[0] switch
    {
        'g' => attribute.StartsWith("gen_ai.", StringComparison.Ordinal),
        'a' => (attribute[1] == 'i' && attribute[2] == '.') || attribute is "agentops.span.kind",
        'b' => attribute is "braintrust.span_attributes",
        'o' => attribute is "openinference.span.kind",
        't' => attribute is "traceloop.span.kind",
        'l' => attribute is "llm.request.type" or "langfuse.observation.type",
        'c' => attribute is "compaction.strategy",
        _ => false,
    };

    /// <summary>Whether an attribute of this name stands on spans of HTTP requests.</summary>
    public static bool IsOfHttp(string attribute) => attribute is "http.request.method" or "http.method";

    /// <summary>Whether a name alone makes a span one of interest: one whose attributes come late, or never.</summary>
    public static bool IsTellingName(string name) => name is OrchestrationName or CompactionName;

    // What handles made, in an export: a session is no turn, a cell no tool, and a compaction has no operation.
    private static SpanRole? OfOwnExport(TagTable tags) =>
        tags.Has(RolloutAttributes.Thread.Origin) ? SpanRole.None
        : tags.Has(RolloutAttributes.CodeCell.Id) && !tags.Has(RolloutAttributes.Tool.Id) ? SpanRole.Wrapper
        : tags.Has(RolloutAttributes.Compaction.Id) && !tags.Has(RolloutAttributes.Compaction.RequestId) && !tags.Has("gen_ai.operation.name") ? SpanRole.Compaction
        : null;

    // Of Spring AI's tools the operation is the framework's, and what Google's kit says once more of several calls is none.
    private static SpanRole OfOperation(TagTable tags) =>
        tags.Has("spring.ai.tool.definition.name") ? SpanRole.Tool
        : tags.Text("gen_ai.tool.name") is GoogleAdk.Merged ? SpanRole.Wrapper
        : tags.Text("gen_ai.operation.name") is { } operation ? OfOperation(operation)
        : SpanRole.None;

    private static SpanRole OfOperation(string operation) => operation.ToLowerInvariant() switch
    {
        "chat" or "text_completion" or "generate_content" or "chat.completions" or "text.completions" or "completion" or "responses" or "process_thread_run" or "llm_call" => SpanRole.Chat,
        "invoke_agent" or "agent_call" => SpanRole.Agent,
        "invoke_workflow" => SpanRole.Workflow,
        "execute_tool" or "tool_call" => SpanRole.Tool,
        "create_agent" or "embeddings" or "embedding" or "retrieval" or "rerank" => SpanRole.None,
        var ai when ai.StartsWith("ai.", StringComparison.Ordinal) => OfVercel(operation.Split(' ')[0]),
        _ => SpanRole.Wrapper,
    };

    private static SpanRole OfOpenInference(string kind) => kind.ToUpperInvariant() switch
    {
        "LLM" => SpanRole.Chat,
        "AGENT" => SpanRole.Agent,
        "TOOL" => SpanRole.Tool,
        "CHAIN" => SpanRole.Wrapper,
        _ => SpanRole.None,
    };

    private static SpanRole OfTraceloop(string kind) => kind.ToLowerInvariant() switch
    {
        "agent" => SpanRole.Agent,
        "tool" => SpanRole.Tool,
        "workflow" or "task" => SpanRole.Wrapper,
        _ => SpanRole.None,
    };

    private static SpanRole OfVercel(string operation) => operation switch
    {
        "ai.toolCall" => SpanRole.Tool,
        _ when operation.EndsWith(".doGenerate", StringComparison.Ordinal) || operation.EndsWith(".doStream", StringComparison.Ordinal) => SpanRole.Chat,
        "ai.generateText" or "ai.streamText" or "ai.generateObject" or "ai.streamObject" => SpanRole.Wrapper,
        _ => SpanRole.None,
    };

    // Some name what takes part and not what is done.
    private static SpanRole? OfPart(TagTable tags) =>
        tags.Has("gen_ai.tool.name") && (tags.Has("gen_ai.tool.call.id") || tags.Has("tool_arguments") || tags.Has("gen_ai.tool.call.arguments")) ? SpanRole.Tool
        : tags.Has("gen_ai.agent.name") && tags.Has("agent_name") ? SpanRole.Agent
        : null;

    // Older conventions have no name for what is done: who asks a model says which, and what came of it.
    private static bool IsUnnamedChat(TagTable tags) =>
        tags.Text("llm.request.type") is "chat" or "completion"
        || (tags.Text("gen_ai.request.model") is not null && !tags.Has("gen_ai.operation.name") && !tags.Has("gen_ai.agent.name") && tags.Has("gen_ai.response.id")
            && (tags.Has("gen_ai.usage.completion_tokens") || tags.Has("gen_ai.usage.output_tokens")))
        || (tags.Text("gen_ai.system", "gen_ai.provider.name") is not null
            && tags.Text("gen_ai.request.model", "gen_ai.response.model") is not null
            && !tags.Has("gen_ai.operation.name")
            && (tags.HasPrefix("gen_ai.prompt.") || tags.HasPrefix("gen_ai.completion.") || tags.HasPrefix("gen_ai.usage.") || tags.Has("gen_ai.input.messages")));
}
