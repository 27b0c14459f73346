using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Replay.Tests;

/// <summary>A live model: it repeats what it is told.</summary>
internal sealed class Echo : IChatClient
{
    public List<ChatOptions> Asked { get; } = [];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Asked.Add(options ?? new ChatOptions());
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"live {messages.Last().Text}")));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
