using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace RolloutTrace.Cli;

/// <summary>A connection to a receiver. It sends a request once and says what became of it; whatever goes wrong on the way is an outcome too.</summary>
internal abstract class OtlpChannel : IDisposable
{
    private const int MaxAnswerBytes = 4 << 20;

    private readonly HttpClient client;
    private bool isUnderstood;

    protected OtlpChannel(Receiver receiver, TimeProvider time)
    {
        Receiver = receiver;
        Time = time;
        var handler = new SocketsHttpHandler
        {
            // A post that is sent on becomes a get, and what that gets looks like success.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = receiver.IsGrpc ? DecompressionMethods.None : DecompressionMethods.All,
        };
        if (receiver.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (receiver.ClientCertificate is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        client = new HttpClient(handler) { Timeout = receiver.Timeout, MaxResponseContentBufferSize = MaxAnswerBytes };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("rollout-trace", RolloutActivitySource.Version));
        foreach (var (name, value) in receiver.Headers)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }
    }

    protected Receiver Receiver { get; }

    protected TimeProvider Time { get; }

    /// <summary>The channel to a receiver.</summary>
    /// <param name="receiver">The receiver.</param>
    /// <param name="time">The clock by which a receiver's dates are read.</param>
    public static OtlpChannel To(Receiver receiver, TimeProvider time) => receiver.IsGrpc ? new GrpcChannel(receiver, time) : new HttpChannel(receiver, time);

    /// <summary>Sends one request.</summary>
    /// <param name="request">The message <c>ExportTraceServiceRequest</c>.</param>
    public SendOutcome Send(ReadOnlyMemory<byte> request)
    {
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, Receiver.Address);
            Fill(message, request);
            using var response = client.SendAsync(message).GetAwaiter().GetResult();
            var outcome = Read(response, response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
            isUnderstood |= outcome.Kind == SendOutcomeKind.Arrived;
            return outcome;
        }
        catch (TaskCanceledException)
        {
            return new SendOutcome(SendOutcomeKind.Busy, $"{Receiver.Server} did not answer within {Wording.Duration((long)Receiver.Timeout.TotalMilliseconds)}") { Advice = "--timeout gives it longer" };
        }
        catch (HttpRequestException e)
        {
            return ConnectionTrouble.Of(e, Receiver, isUnderstood);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Puts a request into a message.</summary>
    protected abstract void Fill(HttpRequestMessage message, ReadOnlyMemory<byte> request);

    /// <summary>What an answer says.</summary>
    protected abstract SendOutcome Read(HttpResponseMessage response, byte[] body);

    /// <summary>What an answer says that has an HTTP status other than success.</summary>
    protected SendOutcome ReadFailure(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var said = AnswerText.Of(response.Content.Headers.ContentType?.MediaType, body);
        var words = said is null ? $"HTTP {status}" : $"HTTP {status}: {said}";
        return status switch
        {
            // How servers of gRPC that know HTTP/1.1 turn it away.
            400 or 426 or 505 when !Receiver.IsGrpc && said?.Contains("HTTP/2", StringComparison.Ordinal) == true =>
                new SendOutcome(SendOutcomeKind.Misunderstood, $"{Receiver.Server} does not speak HTTP/1.1") { Advice = ReceiverAdvice.OtherProtocol(Receiver) },
            429 or 502 or 503 or 504 => new SendOutcome(SendOutcomeKind.Busy, words) { RetryAfter = RetryAfterOf(response.Headers.RetryAfter) },
            401 or 403 => new SendOutcome(SendOutcomeKind.Refused, words) { Advice = ReceiverAdvice.Credentials },
            >= 300 and < 400 => new SendOutcome(SendOutcomeKind.Refused, response.Headers.Location is { } place ? $"{words}: moved to {place}" : words),
            404 or 405 or 415 => new SendOutcome(SendOutcomeKind.Misunderstood, words) { Advice = ReceiverAdvice.OtherPlace(Receiver) },
            _ => new SendOutcome(SendOutcomeKind.Refused, words) { Advice = ReceiverAdvice.OtherProtocolIfLikely(Receiver) },
        };
    }

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header)
    {
        var delay = header?.Delta ?? (header?.Date - Time.GetUtcNow());
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}
