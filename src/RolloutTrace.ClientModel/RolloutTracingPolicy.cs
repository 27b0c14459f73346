using System.ClientModel;
using System.ClientModel.Primitives;

namespace RolloutTrace.ClientModel;

/// <summary>
/// Sees what a client on System.ClientModel sends and gets, for the <see cref="WireExchange"/> that is current: the exact JSON, each
/// attempt apart. Add it at <see cref="PipelinePosition.BeforeTransport"/>, inside of the client's retries. Nothing waits for it, and
/// where no exchange is current it does nothing.
/// </summary>
public sealed class RolloutTracingPolicy : PipelinePolicy
{
    /// <inheritdoc/>
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (WireExchange.Current is not { } exchange || message.Request.Content is not { } content)
        {
            ProcessNext(message, pipeline, currentIndex);
            return;
        }

        using (var buffer = new MemoryStream())
        {
            content.WriteTo(buffer, message.CancellationToken);
            Send(message, exchange, buffer);
        }

        try
        {
            ProcessNext(message, pipeline, currentIndex);
        }
        catch (Exception e)
        {
            exchange.NoResponse(e);
            throw;
        }

        Receive(message, exchange);
    }

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (WireExchange.Current is not { } exchange || message.Request.Content is not { } content)
        {
            await ProcessNextAsync(message, pipeline, currentIndex).ConfigureAwait(false);
            return;
        }

        using (var buffer = new MemoryStream())
        {
            await content.WriteToAsync(buffer, message.CancellationToken).ConfigureAwait(false);
            Send(message, exchange, buffer);
        }

        try
        {
            await ProcessNextAsync(message, pipeline, currentIndex).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            exchange.NoResponse(e);
            throw;
        }

        Receive(message, exchange);
    }

    // Content may be written once only: what is sent is what was written here.
    private static void Send(PipelineMessage message, WireExchange exchange, MemoryStream buffer)
    {
        var request = buffer.ToArray();
        message.Request.Content = BinaryContent.Create(BinaryData.FromBytes(request));
        exchange.RequestSent(request);
    }

    private static void Receive(PipelineMessage message, WireExchange exchange)
    {
        if (message.Response is not { } response)
        {
            return;
        }

        var id = response.Headers.TryGetValue("x-request-id", out var given) || response.Headers.TryGetValue("request-id", out given) ? given : null;
        if (message.BufferResponse)
        {
            exchange.ResponseArrived(response.Status, id, response.Content.ToMemory());
        }
        else if (response.ContentStream is { } stream)
        {
            response.ContentStream = exchange.ResponseBegun(response.Status, id, stream);
        }
    }
}
