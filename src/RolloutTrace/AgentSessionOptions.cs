using RolloutTrace.Bundle;

namespace RolloutTrace;

/// <summary>What is known of a root agent's session when it starts. All members are optional.</summary>
public readonly struct AgentSessionOptions
{
    /// <summary>Path of the agent; <c>/root</c> by default.</summary>
    public string? AgentPath { get; init; }

    /// <summary>Name of the agent for people; by default the last segment of its path.</summary>
    public string? AgentName { get; init; }

    /// <summary>
    /// Id of the thread, by preference a UUID of version 7; a fresh one by default. Give the old one when a session is resumed: it gets a new
    /// bundle. <see cref="RolloutTracing.ResumeSession"/> does it for a bundle.
    /// </summary>
    public string? ThreadId { get; init; }

    /// <summary>Identity of the rollout; the thread's id by default.</summary>
    public string? RolloutId { get; init; }

    /// <summary>
    /// Who calls from another process; by default the remote parent of the span that is current, else, for the first session that starts
    /// without a current span, who started this process and said so in its environment. The session's span is in the caller's trace.
    /// </summary>
    public RolloutCaller? Caller { get; init; }

    /// <summary>
    /// The trace id of the bundle that the session goes on from (<see cref="Bundle.BundleManifest.TraceId"/>). Where it is null and
    /// <see cref="ThreadId"/> is given, the recorder looks for the latest bundle of that thread below its own directory.
    /// </summary>
    public string? ResumedFrom { get; init; }

    /// <summary>
    /// Whether the spans of tool calls have <c>rollout.caller</c> in their baggage, the ids of rollout, thread and tool call. .NET sends
    /// baggage with every HTTP request below them, to whomever it goes; so it is off by default. Whoever is called over HTTP is found
    /// without it, by the ids of spans.
    /// </summary>
    public bool SendCaller { get; init; }

    /// <summary>The model that the agent uses unless a request names another.</summary>
    public string? Model { get; init; }

    /// <summary>Who serves the model, as the GenAI conventions name providers: openai, anthropic, ...</summary>
    public string? ProviderName { get; init; }

    /// <summary>
    /// Where the model is served, such as <c>https://api.openai.com/v1</c>: its host and port stand on the spans of requests, and
    /// nothing else of it. Null if it is not known.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The role that the agent was given.</summary>
    public string? AgentRole { get; init; }

    /// <summary>A name of the agent for people; null if it has none.</summary>
    public string? Nickname { get; init; }

    /// <summary>Name of the task that the agent is for; null if it has none.</summary>
    public string? TaskName { get; init; }

    /// <summary>Where the session comes from; <c>exec</c> by default.</summary>
    public string? SessionSource { get; init; }

    /// <summary>The agent's working directory; the process's by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Path of the agent's own log of the session, if it writes one.</summary>
    public string? RolloutPath { get; init; }

    /// <summary>When the agent asks before it acts; <c>never</c> by default.</summary>
    public string? ApprovalPolicy { get; init; }

    /// <summary>What the agent's tools may do, in the agent's own terms.</summary>
    public JsonPayload SandboxPolicy { get; init; }

    /// <summary>Which trace turns belong to.</summary>
    public TraceScope TraceScope { get; init; }

    /// <summary>
    /// Whether spans hold message content. By default it is up to the environment variable
    /// <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c>, read when the session starts: on for <c>true</c>, <c>1</c>, <c>SPAN_ONLY</c> and
    /// <c>SPAN_AND_EVENT</c>, off for <c>false</c>, <c>0</c>, <c>NO_CONTENT</c>, <c>EVENT_ONLY</c> and without it, and off with a warning for anything else.
    /// Bundles hold content either way.
    /// </summary>
    public bool? CaptureMessageContent { get; init; }

    /// <summary>
    /// The most bytes of content in one attribute; 32,768 by default, at least 64. Longer content is cut and stays valid JSON: whole
    /// messages from the middle go first, and <c>rollout.content.cut</c> says how much is missing. A request has up to four such
    /// attributes, and many receivers refuse what is over 4 MiB: where spans hold content, an exporter's batch should have 24 spans
    /// (<c>BatchExportProcessorOptions.MaxExportBatchSize</c>), or the limit be lower.
    /// </summary>
    public int ContentLimit { get; init; }

    /// <summary>
    /// Where the bundles of this machine can be had, such as <c>https://traces.example/bundles/</c>; null for nowhere, which is the default. With it
    /// the spans of requests lead to what they leave out: <c>gen_ai.input.messages_ref</c> and its like are the URIs of the payloads, each the name of
    /// the bundle and the payload's path in it below this. Names and paths may tell who runs what.
    /// </summary>
    public Uri? ContentBaseUri { get; init; }

    /// <summary>
    /// The recording that the session's model answers from; null if it is a live one. By default what the environment variable
    /// <see cref="ReplayOrigin.Variable"/> says.
    /// </summary>
    public ReplayOrigin? ReplayedFrom { get; init; }

    /// <summary>The clock for ids and for the times in payloads; the system's by default.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>By which rule the session's conversation was told from others; null where the caller said it.</summary>
    internal string? ThreadRule { get; init; }

    /// <summary>Ends the session where nobody else says when it is over: <see cref="Rollout.RecordingStops"/>. Null if somebody does.</summary>
    internal Action? WhenRecordingStops { get; init; }
}
