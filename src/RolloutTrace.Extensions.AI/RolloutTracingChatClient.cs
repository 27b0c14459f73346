using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Requests;

namespace RolloutTrace.Extensions.AI;

/// <summary>Passes everything on as it is, and has it recorded.</summary>
internal sealed class RolloutTracingChatClient(IChatClient inner, ChatTracing tracing) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (messages is null || !tracing.IsOn)
        {
            return await InnerClient.GetResponseAsync(messages!, options, cancellationToken).ConfigureAwait(false);
        }

        var given = Enumerated(ref messages);
        if (tracing.TryStart(given, options, streams: false) is not { } exchange)
        {
            return await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var answering = InnerClient.GetResponseAsync(messages, options, cancellationToken);
            exchange.Sent();
            var response = await answering.ConfigureAwait(false);
            exchange.Answered(response);
            return response;
        }
        catch (Exception e)
        {
            exchange.Failed(e, cancellationToken);
            throw;
        }
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        messages is null || !tracing.IsOn
            ? InnerClient.GetStreamingResponseAsync(messages!, options, cancellationToken)
            : StreamAsync(messages, options, cancellationToken);

    /// <summary>
    /// Function invocation asks the client inside it for the source of its spans. Where nothing inside has one, ours is given: so the
    /// calls of functions have spans, and can be told from each other.
    /// </summary>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        base.GetService(serviceType, serviceKey)
        ?? (serviceType == typeof(ActivitySource) && serviceKey is null ? RolloutActivitySource.Source : null);

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var given = Enumerated(ref messages);
        var exchange = tracing.TryStart(given, options, streams: true);
        IAsyncEnumerator<ChatResponseUpdate>? updates = null;
        try
        {
            while (true)
            {
                ChatResponseUpdate update;
                try
                {
                    // What is current is forgotten at each update that is given out.
                    exchange?.Resume();
                    updates ??= InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
                    var arriving = updates.MoveNextAsync();
                    exchange?.Sent();
                    if (!await arriving.ConfigureAwait(false))
                    {
                        break;
                    }

                    update = updates.Current;
                }
                catch (Exception e)
                {
                    exchange?.Failed(e, cancellationToken);
                    throw;
                }

                exchange?.Arrived(update);
                yield return update;
            }

            exchange?.StreamEnded();
        }
        finally
        {
            exchange?.Left();
            if (updates is not null)
            {
                await updates.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // Messages are looked at once, as the client inside would do.
    private static ChatMessage[] Enumerated(ref IEnumerable<ChatMessage> messages)
    {
        ChatMessage[] given = [.. messages];
        if (messages is not IReadOnlyCollection<ChatMessage> and not ICollection<ChatMessage>)
        {
            messages = given;
        }

        return given;
    }
}
