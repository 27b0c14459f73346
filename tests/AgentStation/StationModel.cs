using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RolloutTrace.AgentStation;

/// <summary>A model that calls the one tool that it is given, and then says what it got. Its calls have the same ids in every process.</summary>
internal sealed class StationModel(string name) : IChatClient
{
    private int responses;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var history = messages.ToList();
        var results = history.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).ToList();
        var answer = history[^1].Role != ChatRole.Tool && options?.Tools is [var tool, ..]
            ? new ChatMessage(ChatRole.Assistant, [new FunctionCallContent($"call_{results.Count + 1}", tool.Name, new Dictionary<string, object?> { ["question"] = history[^1].Text })])
            : new ChatMessage(ChatRole.Assistant, $"{name}: {results.LastOrDefault()?.Result ?? "done"}");
        return Task.FromResult(new ChatResponse(answer)
        {
            ResponseId = $"resp_{Interlocked.Increment(ref responses)}",
            ModelId = "station-1",
            FinishReason = answer.Text.Length == 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2, TotalTokenCount = 12 },
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("station", new Uri("http://station.invalid"), "station-1") : null;

    public void Dispose()
    {
    }
}
