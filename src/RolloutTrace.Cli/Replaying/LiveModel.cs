using Microsoft.AspNetCore.Http;

namespace RolloutTrace.Cli.Replaying;

/// <summary>
/// A model that answers for real: what comes is sent on with the caller's own headers, its key among them, and what comes back is passed on as it comes.
/// Nothing of it is kept.
/// </summary>
internal sealed class LiveModel(Uri address) : IDisposable
{
    // What belongs to a connection and not to a request, and what the body itself says.
    private static readonly HashSet<string> OwnHeaders = new(
        ["Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host", "Content-Length", "Expect", "Accept-Encoding"],
        StringComparer.OrdinalIgnoreCase);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a request on and its answer back.</summary>
    /// <param name="context">The request that came.</param>
    /// <param name="place">Its place below the address, such as <c>responses</c>.</param>
    /// <param name="body">What is to be sent.</param>
    /// <param name="cancellation">The caller has gone.</param>
    /// <exception cref="HttpRequestException">The model cannot be reached.</exception>
    public async Task Answer(HttpContext context, string place, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{place}{context.Request.QueryString}"))
        {
            Content = new ReadOnlyMemoryContent(body),
        };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!OwnHeaders.Contains(name) && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!OwnHeaders.Contains(name))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        var content = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var buffer = new byte[16 * 1024];
            while (await content.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
            {
                await response.Body.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
                await response.Body.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => http.Dispose();
}
