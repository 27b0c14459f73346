using RolloutTrace.Extensions.AI;
using RolloutTrace.Extensions.AI.Requests;

namespace Microsoft.Extensions.AI;

/// <summary>Adds the recording of rollouts to a chat client's pipeline.</summary>
public static class RolloutTracingChatClientBuilderExtensions
{
    /// <summary>
    /// Records each request of the pipeline with messages and options as given, at its start, and its response as it comes. Best placed
    /// after <c>UseFunctionInvocation</c>, where it sees each request and each call of a function. Before it, what happens inside is
    /// told from what comes out: requests begin in the record when the calls before them are known to be answered, and of a response
    /// that did not stream only the sum of the tokens is known, unless telemetry inside of it has a span for each request.
    /// </summary>
    /// <remarks>
    /// It records where a tracing pipeline has <c>AddRolloutTracing()</c>, and does nothing where none has. No content needs to be
    /// switched on for spans. Nothing that goes wrong in it reaches the caller, and no update waits for it.
    /// </remarks>
    public static ChatClientBuilder UseRolloutTracing(this ChatClientBuilder builder) => UseRolloutTracing(builder, configure: null);

    /// <summary>Records each request of the pipeline, with options.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets options; may be null.</param>
    public static ChatClientBuilder UseRolloutTracing(this ChatClientBuilder builder, Action<RolloutTracingChatOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RolloutTracingChatOptions();
        configure?.Invoke(options);
        return builder.Use(inner => new RolloutTracingChatClient(inner, new ChatTracing(inner, options)));
    }
}
