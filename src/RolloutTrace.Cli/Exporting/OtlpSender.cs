using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace RolloutTrace.Cli;

/// <summary>Sends OTLP requests to a receiver and takes nothing but success for an answer.</summary>
internal sealed class OtlpSender : IDisposable
{
    /// <summary>OTLP over HTTP/2 as a gRPC call.</summary>
    public const string Grpc = "grpc";

    /// <summary>OTLP as a protobuf document over HTTP.</summary>
    public const string HttpProtobuf = "http/protobuf";

    private const int GrpcPort = 4317;
    private const int GrpcPrefixBytes = 5;
    private const string GrpcMethod = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const string HttpPath = "v1/traces";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient client = new() { Timeout = Timeout };
    private readonly Uri address;
    private readonly bool isGrpc;

    /// <param name="endpoint">The receiver, as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names it.</param>
    /// <param name="protocol">gRPC or HTTP; null to go by the endpoint's port.</param>
    public OtlpSender(Uri endpoint, string? protocol)
    {
        isGrpc = (protocol ?? (endpoint.Port == GrpcPort ? Grpc : HttpProtobuf)) == Grpc;
        var path = isGrpc ? GrpcMethod : HttpPath;
        var text = endpoint.AbsoluteUri.TrimEnd('/');
        address = new Uri(text.EndsWith(path, StringComparison.Ordinal) ? text : $"{text}/{path}");
    }

    /// <summary>Sends one request.</summary>
    /// <exception cref="HttpRequestException">The receiver is not there, or refuses the request or a part of it.</exception>
    /// <exception cref="TaskCanceledException">It did not answer in time.</exception>
    public void Send(ReadOnlyMemory<byte> request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(isGrpc ? Framed(request) : request) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(isGrpc ? "application/grpc" : "application/x-protobuf");
        if (isGrpc)
        {
            message.Version = HttpVersion.Version20;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            message.Headers.TE.ParseAdd("trailers");
        }

        using var response = client.SendAsync(message).GetAwaiter().GetResult();
        response.EnsureSuccessStatusCode();
        var body = response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        if (isGrpc)
        {
            CheckGrpcStatus(response);
            body = body.Length > GrpcPrefixBytes ? body[GrpcPrefixBytes..] : [];
        }

        if (OtlpResponse.RejectedSpans(body) is > 0 and var rejected)
        {
            throw new HttpRequestException($"the receiver refused {rejected} spans");
        }
    }

    public void Dispose() => client.Dispose();

    private static byte[] Framed(ReadOnlyMemory<byte> request)
    {
        var framed = new byte[GrpcPrefixBytes + request.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.Length);
        request.Span.CopyTo(framed.AsSpan(GrpcPrefixBytes));
        return framed;
    }

    // A call that fails at once has its status in the headers, any other in the trailers.
    private static void CheckGrpcStatus(HttpResponseMessage response)
    {
        var status = Header(response.TrailingHeaders, "grpc-status") ?? Header(response.Headers, "grpc-status");
        if (status != "0")
        {
            var text = Header(response.TrailingHeaders, "grpc-message") ?? Header(response.Headers, "grpc-message");
            throw new HttpRequestException($"the receiver answered with gRPC status {status ?? "none"}{(text is null ? "" : $": {Uri.UnescapeDataString(text)}")}");
        }
    }

    private static string? Header(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
