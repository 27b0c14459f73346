using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Replay.Tests;

/// <summary>A model that does what is in its script, one step a request. Its ids are its own.</summary>
internal sealed class ScriptedClient(IEnumerable<ScriptStep> script) : IChatClient
{
    private readonly Queue<ScriptStep> left = new(script);
    private int responses;
    private int calls;

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        var step = left.Dequeue();
        var id = $"resp-{++responses:000}";
        foreach (var word in Answers.Pieces.Of(step.Text).Where(static word => word.Length > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Update(id, new TextContent(word));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (step.Fails)
        {
            throw new HttpRequestException("503 Service Unavailable", inner: null, HttpStatusCode.ServiceUnavailable);
        }

        foreach (var (tool, argument) in step.Calls)
        {
            yield return Update(id, new FunctionCallContent($"call-{++calls:000}", tool, new Dictionary<string, object?> { ["what"] = argument }));
        }

        var end = Update(id, new UsageContent(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2, TotalTokenCount = 12 }));
        end.FinishReason = step.Calls.Count > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        yield return end;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", defaultModelId: "scripted-1") : null;

    public void Dispose()
    {
    }

    private static ChatResponseUpdate Update(string id, AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = id, MessageId = id, ModelId = "scripted-1" };
}
