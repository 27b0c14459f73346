using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace RolloutTrace.ModelSupport;

/// <summary>The spans that a pipeline would export.</summary>
internal sealed class FinishedSpans : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> spans = new();

    public IReadOnlyList<Activity> All => [.. spans];

    public override void OnEnd(Activity data)
    {
        if (data.Recorded)
        {
            spans.Enqueue(data);
        }
    }

    /// <summary>Of one trace the spans of generative AI, as a tree: an indented line for each, with what of ours it has.</summary>
    public string Tree(string rolloutId)
    {
        var ours = All.Where(span => Equals(span.GetTagItem("rollout.id"), rolloutId)).Select(span => span.TraceId).ToHashSet();
        var spans = All.Where(span => ours.Contains(span.TraceId) && !span.OperationName.StartsWith("agent_session", StringComparison.Ordinal)).ToList();
        return string.Concat(spans.Where(span => spans.All(other => other.SpanId != span.ParentSpanId)).Select(root => Lines(root, spans, "")));
    }

    private static string Lines(Activity span, List<Activity> spans, string indent) =>
        $"{indent}{Name(span)}{(span.GetTagItem("rollout.id") is null ? "" : " *")}\n"
        + string.Concat(spans.Where(child => child.ParentSpanId == span.SpanId).OrderBy(child => child.StartTimeUtc).Select(child => Lines(child, spans, indent + "  ")));

    private static string Name(Activity span) => span.DisplayName.Split(' ') is [var operation, var target] && operation is "chat" or "invoke_agent" ? operation : span.DisplayName;
}
