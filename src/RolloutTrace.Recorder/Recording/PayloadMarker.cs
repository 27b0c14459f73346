using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// The document that stands for a payload which could not be recorded. <see cref="PayloadMarkerName.Error"/> says why. Beside it are
/// the members without which the event could not be reduced, and no others.
/// </summary>
internal static class PayloadMarker
{
    // Readers ask for a UUID where a thread is named.
    private static readonly string NoThread = Guid.Empty.ToString();

    public static byte[] For(RawEventPayload rawEvent, PayloadReference reference, PayloadFailure failure)
    {
        var error = PayloadProblems.Describe(failure.Problem, failure.Detail);
        var marker = Skeleton(rawEvent, reference, error);
        foreach (var (name, value) in failure.Remains ?? [])
        {
            marker[name] = value?.DeepClone();
        }

        if (rawEvent is ToolCallStartedEvent { Kind.Type: ToolCallKindType.SpawnAgent or ToolCallKindType.AssignAgentTask or ToolCallKindType.SendMessage })
        {
            marker["payload"] = Function(new JsonObject { ["message"] = string.Empty });
        }

        marker[PayloadMarkerName.Error] = error;
        return Encoding.UTF8.GetBytes(marker.ToJsonString());
    }

    private static JsonObject Skeleton(RawEventPayload rawEvent, PayloadReference reference, string error) => (reference.Kind, rawEvent) switch
    {
        (PayloadKind.InferenceRequest, _) => new JsonObject { [Dialects.Default.RequestList] = new JsonArray() },
        (PayloadKind.InferenceResponse, _) => new JsonObject { [Dialects.Default.ResponseList] = new JsonArray() },
        (PayloadKind.CompactionCheckpoint, _) => new JsonObject { [PayloadMembers.InputHistory] = new JsonArray(), [PayloadMembers.ReplacementHistory] = new JsonArray() },
        (PayloadKind.ToolInvocation, ToolCallStartedEvent { Kind.Type: ToolCallKindType.WriteStdin }) => WriteStdin(reference),
        (PayloadKind.ToolResult, _) => new JsonObject { ["type"] = "error", ["error"] = error },
        (PayloadKind.ToolRuntimeEvent, ToolCallRuntimeStartedEvent) => RuntimeBegin(),
        (PayloadKind.ToolRuntimeEvent, _) => RuntimeEnd(),
        _ => [],
    };

    // A write goes to some terminal; to which one is not known, so it is one of its own.
    private static JsonObject WriteStdin(PayloadReference reference) => new()
    {
        ["tool_name"] = "write_stdin",
        ["payload"] = Function(new JsonObject { ["session_id"] = $"unknown:{reference.RawPayloadId}" }),
    };

    // The tool's kind is not known here, so these have what any kind needs: a command, a message to an agent.
    private static JsonObject RuntimeBegin() => new()
    {
        ["command"] = new JsonArray(),
        ["cwd"] = string.Empty,
        ["receiver_thread_id"] = string.Empty,
        ["prompt"] = string.Empty,
    };

    private static JsonObject RuntimeEnd() => new()
    {
        ["call_id"] = string.Empty,
        ["status"] = "running",
        ["model"] = string.Empty,
        ["reasoning_effort"] = string.Empty,
        ["stdout"] = string.Empty,
        ["stderr"] = string.Empty,
        ["formatted_output"] = string.Empty,
        ["exit_code"] = -1,
        ["sender_thread_id"] = NoThread,
        ["receiver_thread_id"] = NoThread,
        ["prompt"] = string.Empty,
    };

    private static JsonObject Function(JsonObject arguments) => new() { ["type"] = "function", ["arguments"] = arguments.ToJsonString() };
}
