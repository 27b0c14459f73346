using System.Net;

namespace RolloutTrace;

/// <summary>
/// Sees what goes over the wire, for the <see cref="WireExchange"/> that is current: each request with a JSON body as it is sent, and the
/// response as it is read. It belongs inside of whatever sends a request again. Nothing waits for it, and where no exchange is
/// current it does nothing.
/// </summary>
public sealed class RolloutTracingHttpHandler : DelegatingHandler
{
    /// <summary>A handler whose inner handler is still to be set, as a client factory does.</summary>
    public RolloutTracingHttpHandler()
    {
    }

    /// <summary>A handler.</summary>
    /// <param name="innerHandler">What sends.</param>
    public RolloutTracingHttpHandler(HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (WireExchange.Current is not { } exchange || request.Content is not { } content)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        exchange.RequestSent(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.Content is { } body)
            {
                response.Content = await CopiedAsync(exchange, response.StatusCode, Id(response), body, cancellationToken).ConfigureAwait(false);
            }

            return response;
        }
        catch (Exception e)
        {
            exchange.NoResponse(e);
            throw;
        }
    }

    private static async Task<StreamContent> CopiedAsync(
        WireExchange exchange, HttpStatusCode status, string? upstreamRequestId, HttpContent body, CancellationToken cancellationToken)
    {
        var stream = await body.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var copied = new StreamContent(exchange.ResponseBegun((int)status, upstreamRequestId, stream));
        foreach (var header in body.Headers.NonValidated)
        {
            copied.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return copied;
    }

    private static string? Id(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-request-id", out var ids) || response.Headers.TryGetValues("request-id", out ids) ? ids.FirstOrDefault() : null;
}
