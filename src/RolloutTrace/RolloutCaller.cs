using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Callers;

namespace RolloutTrace;

/// <summary>
/// Who calls an agent from another process: a span, and where the caller sent them the ids of its rollout, thread and tool call. Given to
/// <see cref="AgentSessionOptions.Caller"/> or <see cref="TurnOptions.Caller"/> it says in the bundle whose work this is, so that the bundles
/// can be joined. Immutable.
/// </summary>
/// <remarks>Nobody needs one for HTTP, MCP and child processes: there the caller is known from the span that is current, or from the environment.</remarks>
public sealed class RolloutCaller
{
    /// <summary>A caller whose span is known.</summary>
    /// <param name="context">The caller's span; the default value if only ids are known.</param>
    /// <param name="rolloutId">Its rollout; null if it is not known.</param>
    /// <param name="threadId">Its thread; null if it is not known.</param>
    /// <param name="toolCallId">The tool call that called; null if there is none, or it is not known.</param>
    public RolloutCaller(ActivityContext context, string? rolloutId = null, string? threadId = null, string? toolCallId = null)
    {
        Context = context;
        RolloutId = EventText.Id(rolloutId);
        ThreadId = EventText.Id(threadId);
        ToolCallId = EventText.Id(toolCallId);
    }

    /// <summary>The caller's span; the default value if it is not known.</summary>
    public ActivityContext Context { get; }

    /// <summary>The caller's rollout; null if it is not known.</summary>
    public string? RolloutId { get; }

    /// <summary>The caller's thread; null if it is not known.</summary>
    public string? ThreadId { get; }

    /// <summary>The tool call that called; null if there is none, or it is not known.</summary>
    public string? ToolCallId { get; }

    internal bool HasSpan => Context.TraceId != default && Context.SpanId != default;

    /// <summary>Reads what <see cref="RolloutHandle.Inject"/> wrote: of a message from a queue, or of a file.</summary>
    /// <param name="carrier">What has the fields.</param>
    /// <param name="getter">Gives the value of a field; null if the carrier has none of that name, which is in lower case.</param>
    /// <typeparam name="TCarrier">Type of the carrier.</typeparam>
    /// <returns>The caller; null if the carrier names none, or nothing of it can be read, the getter throwing included.</returns>
    public static RolloutCaller? Extract<TCarrier>(TCarrier carrier, Func<TCarrier, string, string?> getter) =>
        getter is null ? null : Carrier.TryExtract(carrier, getter);

    /// <summary>As bundles name it.</summary>
    internal CallerReference ToReference() => new()
    {
        RolloutId = RolloutId,
        ThreadId = ThreadId,
        ToolCallId = ToolCallId,
        Otel = HasSpan ? new SpanReference { TraceId = Context.TraceId.ToHexString(), SpanId = Context.SpanId.ToHexString() } : null,
    };
}
