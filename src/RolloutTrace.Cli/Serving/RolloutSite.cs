using System.Text;
using Microsoft.AspNetCore.Http;
using RolloutTrace.Bundle;
using RolloutTrace.Viewer;

namespace RolloutTrace.Cli;

/// <summary>
/// What is at which address below the token: <c>/</c> and <c>/rollout?name=</c> are pages without content; <c>/list</c>, <c>/data?name=</c> and <c>/evidence?name=</c> are what they
/// show, and <c>/changes</c> with or without a name tells when that is another.
/// </summary>
internal sealed class RolloutSite(RequestGuard guard, RolloutCatalog catalog, TimeProvider time, CancellationToken stop)
{
    private const string Json = "application/json; charset=utf-8";
    private const string Bytes = "application/octet-stream";

    private readonly ServedDocuments documents = new(catalog, time);
    private readonly ServedList list = new(catalog, time);

    public async Task Answer(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.XFrameOptions = "DENY";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        var path = (request.Path.Value ?? "/")[1..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (token, place) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        var isPage = place is "" or "rollout";
        if (guard.WhyRefused(request, token, isForData: !isPage) is var (status, words))
        {
            await Say(response, status, words).ConfigureAwait(false);
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, context.RequestAborted);
        try
        {
            await Answer(request, response, slash < 0 ? null : place, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
        }
    }

    private async Task Answer(HttpRequest request, HttpResponse response, string? place, CancellationToken ends)
    {
        var name = request.Query["name"].ToString();
        switch (place)
        {
            case null:
                // What a page names is beside it.
                response.Redirect($"{request.Path}/");
                break;
            case "":
                await Show(response, ServedPage.List, ends).ConfigureAwait(false);
                break;
            case "rollout":
                await Show(response, ServedPage.Rollout, ends).ConfigureAwait(false);
                break;
            case "list":
                await Give(response, Json, list.Read, isPacked: false, ends).ConfigureAwait(false);
                break;
            case "data":
                await Give(response, Json, () => documents.Data(name), isPacked: true, ends).ConfigureAwait(false);
                break;
            case "evidence":
                await Give(response, Bytes, () => documents.Evidence(name), isPacked: true, ends).ConfigureAwait(false);
                break;
            case "changes":
                await EventStream.Write(response, name.Length == 0 ? list.Stamp : () => documents.Stamp(name), ends).ConfigureAwait(false);
                break;
            default:
                await Say(response, StatusCodes.Status404NotFound, "There is nothing here.").ConfigureAwait(false);
                break;
        }
    }

    private static async Task Show(HttpResponse response, ServedPage page, CancellationToken ends)
    {
        response.Headers.ContentSecurityPolicy = $"{page.Policy}; frame-ancestors 'none'";
        response.ContentType = "text/html; charset=utf-8";
        await response.Body.WriteAsync(page.Html, ends).ConfigureAwait(false);
    }

    private static async Task Give(HttpResponse response, string type, Func<(string Stamp, byte[] Content)> make, bool isPacked, CancellationToken ends)
    {
        string stamp;
        byte[] content;
        try
        {
            (stamp, content) = await Task.Run(make, ends).ConfigureAwait(false);
        }
        catch (Exception e) when (e is QueryException or BundleException or IOException or UnauthorizedAccessException)
        {
            await Say(response, e is QueryException ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, e.Message).ConfigureAwait(false);
            return;
        }

        response.ContentType = type;
        response.Headers.ETag = $"\"{stamp}\"";
        if (isPacked)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        await response.Body.WriteAsync(content, ends).ConfigureAwait(false);
    }

    private static Task Say(HttpResponse response, int status, string words)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = HttpMethods.Get;
        }

        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(words + "\n")).AsTask();
    }
}
