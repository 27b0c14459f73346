using RolloutTrace.Bundle;
using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Tree;

/// <summary>Finds who a part says has called it: by ids, else by spans.</summary>
internal sealed class CallerFinder
{
    private readonly IReadOnlyDictionary<string, RolloutGroup> groups;
    private readonly Dictionary<string, (RolloutGroup Group, Part Part, PartSpan Span)> spans = new(StringComparer.Ordinal);

    public CallerFinder(IReadOnlyDictionary<string, RolloutGroup> groups)
    {
        this.groups = groups;
        foreach (var (group, part) in groups.Values.SelectMany(static group => group.Parts.Select(part => (group, part))))
        {
            foreach (var (span, stands) in part.Spans)
            {
                if (!spans.TryGetValue(span, out var known) || (known.Span.ToolCallId is null && stands.ToolCallId is not null))
                {
                    spans[span] = (group, part, stands);
                }
            }
        }
    }

    /// <summary>The caller, or why there is none.</summary>
    /// <param name="caller">What is said of it.</param>
    /// <param name="callee">The part that says so.</param>
    public (RolloutGroup? Group, Part? Part, string? ThreadId, string? ToolCallId, string? Problem) Find(CallerReference caller, Part callee)
    {
        var bySpan = caller.Otel is { } span && spans.TryGetValue($"{span.TraceId}-{span.SpanId}", out var found) ? found : default;
        if (caller.RolloutId is not null && groups.TryGetValue(caller.RolloutId, out var group))
        {
            return ByIds(caller, group, bySpan.Part, callee);
        }

        if (bySpan.Part is not null)
        {
            var (toolCallId, threadId) = (bySpan.Span.ToolCallId, bySpan.Span.ThreadId);
            return toolCallId is not null && !bySpan.Part.Tools.ContainsKey(toolCallId) ? None($"its caller's tool call {toolCallId} does not exist in rollout {bySpan.Group.RolloutId}")
                : (bySpan.Group, bySpan.Part, toolCallId is null ? threadId : bySpan.Part.Tools[toolCallId].ThreadId ?? threadId, toolCallId, null);
        }

        return None(caller.RolloutId is { } id ? $"its caller, rollout {id}, is not among the parts"
            : caller.Otel is { } unknown ? $"its caller, span {unknown.TraceId}-{unknown.SpanId}, is not among the parts"
            : "its caller is named by a thread or a tool call without a rollout");
    }

    private static (RolloutGroup?, Part?, string?, string?, string?) ByIds(CallerReference caller, RolloutGroup group, Part? ofSpan, Part callee)
    {
        if (caller.ToolCallId is not { } toolCallId)
        {
            var threadId = caller.ThreadId ?? group.RootThreadId;
            return group.FindThread(threadId) is var (part, _) ? (group, part, threadId, null, null) : None($"its caller's thread {threadId} does not exist in rollout {group.RolloutId}");
        }

        var having = group.Parts.Where(part => part.Tools.ContainsKey(toolCallId)).ToList();
        if (having.Count == 0)
        {
            return None($"its caller's tool call {toolCallId} does not exist in rollout {group.RolloutId}");
        }

        var meant = having.FindAll(part => caller.ThreadId is null || part.Tools[toolCallId].ThreadId is not { } its || its == caller.ThreadId);
        if (meant.Count == 0)
        {
            return None($"its caller's ids contradict each other: tool call {toolCallId} is of thread {having[0].Tools[toolCallId].ThreadId}, not of {caller.ThreadId}");
        }

        // Both of two that go on from one another may have it.
        var chosen = ofSpan is not null && meant.Contains(ofSpan) ? ofSpan : meant.FindLast(part => part.Manifest.StartedAtUnixMs <= callee.Manifest.StartedAtUnixMs) ?? meant[0];
        var thread = chosen.Tools[toolCallId].ThreadId ?? caller.ThreadId;
        return thread is null ? None($"its caller's tool call {toolCallId} is of no thread") : (group, chosen, thread, toolCallId, null);
    }

    private static (RolloutGroup?, Part?, string?, string?, string?) None(string problem) => (null, null, null, null, problem);
}
