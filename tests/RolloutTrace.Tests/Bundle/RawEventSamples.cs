using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

/// <summary>Events of every type of the format.</summary>
internal static class RawEventSamples
{
    private static readonly PayloadReference Payload = PayloadReference.ForNumber(12, PayloadKind.ToolResult);

    // One of each type with every member there, then one with every nullable member null.
    public static readonly RawEventPayload[] Payloads =
    [
        new RolloutStartedEvent { TraceId = "t", RootThreadId = "r" },
        new RolloutEndedEvent { Status = RolloutStatus.Aborted },
        new ThreadStartedEvent { ThreadId = "th", AgentPath = "/root/ä\n\"\\", MetadataPayload = Payload },
        new ThreadStartedEvent { ThreadId = "th", AgentPath = "/root" },
        new ThreadEndedEvent { ThreadId = "th", Status = RolloutStatus.Completed },
        new CodexTurnStartedEvent { CodexTurnId = "tu", ThreadId = "th" },
        new CodexTurnEndedEvent { CodexTurnId = "tu", Status = ExecutionStatus.Cancelled },
        new InferenceStartedEvent { InferenceCallId = "i", ThreadId = "th", CodexTurnId = "tu", Model = "m", ProviderName = "p", RequestPayload = Payload },
        new InferenceCompletedEvent { InferenceCallId = "i", ResponseId = "re", UpstreamRequestId = "u", ResponsePayload = Payload },
        new InferenceCompletedEvent { InferenceCallId = "i", ResponsePayload = Payload },
        new InferenceFailedEvent { InferenceCallId = "i", UpstreamRequestId = "u", Error = "e\u2028<&>", PartialResponsePayload = Payload },
        new InferenceFailedEvent { InferenceCallId = "i", Error = "e" },
        new InferenceCancelledEvent { InferenceCallId = "i", UpstreamRequestId = "u", Reason = "😀", PartialResponsePayload = Payload },
        new InferenceCancelledEvent { InferenceCallId = "i", Reason = "r" },
        new ToolCallStartedEvent
        {
            ToolCallId = "tc",
            ModelVisibleCallId = "call",
            CodeModeRuntimeToolId = "x",
            Requester = new CodeCellRequester { RuntimeCellId = "rc" },
            Kind = ToolCallKind.ForMcp("s", "t"),
            Summary = new GenericSummary { Label = "l", InputPreview = "i", OutputPreview = "o" },
            InvocationPayload = Payload,
        },
        new ToolCallStartedEvent
        {
            ToolCallId = "tc",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.ExecCommand),
            Summary = new WaitAgentSummary { TimeoutMs = 5 },
        },
        new McpToolCallCorrelationAssignedEvent { ToolCallId = "tc", McpCallId = "mc" },
        new ToolCallRuntimeStartedEvent { ToolCallId = "tc", RuntimePayload = Payload },
        new ToolCallRuntimeEndedEvent { ToolCallId = "tc", Status = ExecutionStatus.Failed, RuntimePayload = Payload },
        new ToolCallEndedEvent { ToolCallId = "tc", Status = ExecutionStatus.Completed, ResultPayload = Payload },
        new ToolCallEndedEvent { ToolCallId = "tc", Status = ExecutionStatus.Running },
        new CodeCellStartedEvent { RuntimeCellId = "rc", ModelVisibleCallId = "call", SourceJs = "a;\r\n" },
        new CodeCellInitialResponseEvent { RuntimeCellId = "rc", Status = CodeCellRuntimeStatus.Yielded, ResponsePayload = Payload },
        new CodeCellInitialResponseEvent { RuntimeCellId = "rc", Status = CodeCellRuntimeStatus.Starting },
        new CodeCellEndedEvent { RuntimeCellId = "rc", Status = CodeCellRuntimeStatus.Terminated, ResponsePayload = Payload },
        new CodeCellEndedEvent { RuntimeCellId = "rc", Status = CodeCellRuntimeStatus.Failed },
        new CompactionRequestStartedEvent
        {
            CompactionId = "c", CompactionRequestId = "cr", ThreadId = "th", CodexTurnId = "tu", Model = "m", ProviderName = "p", RequestPayload = Payload,
        },
        new CompactionRequestCompletedEvent { CompactionId = "c", CompactionRequestId = "cr", ResponsePayload = Payload },
        new CompactionRequestFailedEvent { CompactionId = "c", CompactionRequestId = "cr", Error = "e" },
        new CompactionInstalledEvent { CompactionId = "c", CheckpointPayload = Payload },
        new AgentResultObservedEvent
        {
            EdgeId = "e", ChildThreadId = "ct", ChildCodexTurnId = "cu", ParentThreadId = "pt", Message = "m", CarriedPayload = Payload,
        },
        new AgentResultObservedEvent { EdgeId = "e", ChildThreadId = "ct", ChildCodexTurnId = "cu", ParentThreadId = "pt", Message = "m" },
        new ProtocolEventObservedEvent { EventType = "t", EventPayload = Payload },
        new OtherEvent { Kind = "k", Summary = "s", Payloads = [Payload, Payload], Metadata = JsonElement.Parse("""{"a":[1,null,"ß"]}""") },
    ];

    private static readonly EventSpan?[] Spans =
    [
        null,
        new EventSpan { TraceId = "0123456789abcdef0123456789abcdef", SpanId = "0123456789abcdef" },
        new EventSpan
        {
            TraceId = "0123456789abcdef0123456789abcdef",
            SpanId = "0123456789abcdef",
            ParentSpanId = "fedcba9876543210",
            Attributes = new Dictionary<string, JsonElement>
            {
                ["error.type"] = JsonElement.Parse("\"503\""),
                ["gen_ai.response.finish_reasons"] = JsonElement.Parse("""["stop"]"""),
                ["process.pid"] = JsonElement.Parse("7"),
            },
        },
        new EventSpan
        {
            TraceId = "0123456789abcdef0123456789abcdef",
            SpanId = "0123456789abcdef",
            Carried = CarriedAttributes.Add(CarriedAttributes.Add(null, "gen_ai.response.finish_reasons", new[] { "stop" }), "process.pid", 7),
        },
    ];

    /// <summary>Each payload in envelopes of which all is there, and in one of which only what must be.</summary>
    public static IEnumerable<RawEvent> All =>
        from payload in Payloads
        from otel in Spans
        select new RawEvent
        {
            Seq = 7,
            WallTimeUnixMs = 1_770_000_000_123,
            RolloutId = "r",
            ThreadId = otel is null ? null : "th",
            CodexTurnId = otel is null ? null : "tu",
            Payload = payload,
            Otel = otel,
        };
}
