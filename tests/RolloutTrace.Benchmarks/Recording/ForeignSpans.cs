using System.Diagnostics;
using Microsoft.Extensions.AI;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>
/// Spans of other libraries in a tracer provider of its own, for one round of measuring: a chat client's with its messages, as its
/// framework makes them, and one that has nothing to do with models. Only one may exist at a time.
/// </summary>
internal sealed class ForeignSpans : IDisposable
{
    private const string ChatSource = "Experimental.Microsoft.Extensions.AI";
    private const string ShopSource = "RolloutTrace.Benchmarks.Shop";

    private static readonly ActivitySource Shop = new(ShopSource);
    private static readonly ActivitySource Agents = new(ChatSource);

    private readonly ScratchDirectory? root;
    private readonly TracerProvider provider;
    private readonly IChatClient client = new ChatClientBuilder(new Parrot()).UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
    private readonly ChatMessage[] messages;
    private Activity? run;

    private ForeignSpans(ScratchDirectory? root, TracerProvider provider, int messageBytes)
    {
        this.root = root;
        this.provider = provider;
        messages = [.. Enumerable.Range(0, 16).Select(i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, new string((char)('a' + i), messageBytes / 16)))];
    }

    /// <summary>In a provider without the recorder, and without exporters.</summary>
    public static ForeignSpans SpansOnly(int messageBytes) =>
        new(root: null, Sdk.CreateTracerProviderBuilder().AddSource(ChatSource, ShopSource).Build(), messageBytes);

    /// <summary>In a provider with the recorder, into a directory that is deleted afterwards.</summary>
    public static ForeignSpans Recorded(int messageBytes)
    {
        var root = new ScratchDirectory();
        return new(root, Sdk.CreateTracerProviderBuilder().AddSource(ChatSource, ShopSource).AddRolloutTracing(options => options.BundleRoot = root.FullName).Build(), messageBytes);
    }

    /// <summary>Starts the run of an agent, in which the requests are then.</summary>
    public ForeignSpans InAgent()
    {
        run = Agents.StartActivity("invoke_agent parrot");
        run?.SetTag("gen_ai.operation.name", "invoke_agent").SetTag("gen_ai.agent.name", "parrot");
        return this;
    }

    /// <summary>One request, whose answer is there at once.</summary>
    public void Chat() => client.GetResponseAsync(messages).GetAwaiter().GetResult();

    /// <summary>One span of a shop, with what such spans have.</summary>
    public void Order()
    {
        using var span = Shop.StartActivity("POST /orders", ActivityKind.Server);
        span?.SetTag("http.request.method", "POST").SetTag("url.path", "/orders").SetTag("http.response.status_code", 200).SetTag("shop.items", 3);
    }

    /// <summary>Waits until everything is on disk.</summary>
    public void Flush() => provider.ForceFlush();

    public void Dispose()
    {
        run?.Dispose();
        client.Dispose();
        provider.ForceFlush();
        provider.Dispose();
        root?.Dispose();
    }

    private sealed class Parrot : IChatClient
    {
        private readonly Task<ChatResponse> answer = Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Yes.")) { ModelId = "parrot" });

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => answer;

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("parrot", providerUri: null, "parrot") : null;

        public void Dispose()
        {
        }
    }
}
