using RolloutTrace.Bundle;

namespace RolloutTrace.Wire;

/// <summary>
/// Which members of a payload the reduction of a bundle needs, by the kind of the payload. A document that stands for another keeps them:
/// those of <see cref="Shape"/> with values of the same kind of JSON, whatever is in them, and those of <see cref="Ids"/> as they are.
/// </summary>
public static class PayloadMembers
{
    /// <summary>The member of a compaction's checkpoint with the history before it, a list.</summary>
    public const string InputHistory = "input_history";

    /// <summary>The member of a compaction's checkpoint with the history behind it, a list.</summary>
    public const string ReplacementHistory = "replacement_history";

    private static readonly string[][] RequestShape = Lists(static dialect => dialect.RequestList);
    private static readonly string[][] ResponseShape = Lists(static dialect => dialect.ResponseList);
    private static readonly string[][] CheckpointShape = [[InputHistory], [ReplacementHistory]];
    private static readonly string[][] InvocationShape = [["payload"], ["payload", "type"], ["payload", "arguments"]];
    private static readonly string[][] ResultShape = [["type"], ["error"], ["response_item"]];
    private static readonly string[][] RuntimeShape = [["command"], ["cwd"], ["stdout"], ["stderr"], ["formatted_output"], ["prompt"], ["interaction_input"]];

    private static readonly string[] RequestIds = Names(static dialect => [dialect.PreviousResponse]);
    private static readonly string[] ResponseIds = Names(static dialect => [dialect.ResponseId, dialect.UpstreamRequestId, dialect.Usage]);
    private static readonly string[] InvocationIds = ["tool_name", "tool_namespace"];

    private static readonly string[] RuntimeIds =
    [
        "call_id", "turn_id", "process_id", "exit_code", "event_id", "occurred_at_ms", "agent_thread_id", "agent_path", "kind",
        "sender_thread_id", "receiver_thread_id", "new_thread_id", "model", "reasoning_effort",
    ];

    private static readonly string[] MetadataIds = ["thread_id", "agent_path", "session_source"];
    private static readonly string[] ArgumentIds = ["session_id", "cell_id"];

    /// <summary>The members whose kind of JSON matters, each as the way to it from the document's root.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Shape(PayloadKind kind) => kind switch
    {
        PayloadKind.InferenceRequest => RequestShape,
        PayloadKind.InferenceResponse => ResponseShape,
        PayloadKind.CompactionCheckpoint => CheckpointShape,
        PayloadKind.ToolInvocation => InvocationShape,
        PayloadKind.ToolResult => ResultShape,
        PayloadKind.ToolRuntimeEvent => RuntimeShape,
        _ => [],
    };

    /// <summary>The members at the document's root whose values are ids and numbers.</summary>
    public static IReadOnlyList<string> Ids(PayloadKind kind) => kind switch
    {
        PayloadKind.InferenceRequest => RequestIds,
        PayloadKind.InferenceResponse => ResponseIds,
        PayloadKind.ToolInvocation => InvocationIds,
        PayloadKind.ToolRuntimeEvent => RuntimeIds,
        PayloadKind.SessionMetadata => MetadataIds,
        _ => [],
    };

    /// <summary>The ids in the arguments of a tool, which are JSON as text, of what the tool works on.</summary>
    public static IReadOnlyList<string> InArguments => ArgumentIds;

    private static string[][] Lists(Func<Dialect, string> member) =>
        [.. Dialects.All.Select(member).Distinct(StringComparer.Ordinal).Select(static name => new[] { name })];

    private static string[] Names(Func<Dialect, string?[]> members) => [.. Dialects.All.SelectMany(members).OfType<string>().Distinct(StringComparer.Ordinal)];
}
