using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RolloutTrace.Cli;

/// <summary>
/// Tells the requests of the person at this machine's browser from all others. The token is in the path of every address, so that no cookie carries it to
/// other ports of this machine; another site that rebinds its name to this machine gives itself away by its Host; and what has content is given only to a page of this
/// server, which browsers vouch for that can. Of a browser that says nothing of who asks, as older ones of Safari, the token is what is known: no other site has it, and none can
/// read an answer. Nothing can be written, so only GET is answered.
/// </summary>
internal sealed class RequestGuard
{
    private const int TokenBytes = 32;

    private readonly byte[] tokenHash;
    private readonly string[] hosts;

    /// <param name="token">The secret in the addresses.</param>
    /// <param name="port">The port that is listened on.</param>
    public RequestGuard(string token, int port)
    {
        tokenHash = HashOf(token);
        hosts = [$"127.0.0.1:{port}", $"localhost:{port}"];
    }

    /// <summary>A token that nobody guesses, in letters that need no escaping.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Why a request is refused, as a status and words; null if it is answered.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">The token in its path.</param>
    /// <param name="isForData">Whether it asks for content, which a page of this server fetches, and not for such a page, which has none.</param>
    public (int Status, string Words)? WhyRefused(HttpRequest request, string token, bool isForData)
    {
        if (!HttpMethods.IsGet(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "Only GET is answered here.");
        }

        var host = request.Headers.Host.ToString();
        if (!hosts.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status403Forbidden, "This address is not the one that rollout-trace printed.");
        }

        // Hashes are as long as one another, whatever was given.
        if (!CryptographicOperations.FixedTimeEquals(HashOf(token), tokenHash))
        {
            return (StatusCodes.Status403Forbidden, "The address has not the token that rollout-trace printed with it.");
        }

        var origin = request.Headers.Origin.ToString();
        var isOwn = origin == $"http://{host}";
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (origin.Length > 0 && !isOwn || site is not ("" or "none" or "same-origin"))
        {
            return (StatusCodes.Status403Forbidden, "Another site asks for this. Put the address that rollout-trace printed into the browser's address bar.");
        }

        if (request.Headers["Sec-Fetch-Dest"].ToString() is "iframe" or "frame" or "object" or "embed" or "script" or "image" or "style")
        {
            return (StatusCodes.Status403Forbidden, "This is shown in a window of its own.");
        }

        // The pages here send no Referer: who does comes from elsewhere, or is no such page.
        return isForData && !isOwn && (site == "none" || site.Length == 0 && request.Headers.Referer.Count > 0)
            ? (StatusCodes.Status403Forbidden, "Only a page of this server gets this: it is not for the address bar, and not for other pages.")
            : null;
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
