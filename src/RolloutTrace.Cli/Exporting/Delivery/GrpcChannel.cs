using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace RolloutTrace.Cli;

/// <summary>Sends requests as gRPC calls over HTTP/2, encrypted or not.</summary>
internal sealed class GrpcChannel(Receiver receiver, TimeProvider time) : OtlpChannel(receiver, time)
{
    private const string MediaType = "application/grpc";

    // A byte that says whether the message is compressed, and its length.
    private const int PrefixBytes = 5;

    protected override void Fill(HttpRequestMessage message, ReadOnlyMemory<byte> request)
    {
        message.Version = HttpVersion.Version20;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        message.Content = new ByteArrayContent(Framed(Receiver.IsCompressed ? Gzip.Compress(request) : request));
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        message.Headers.TE.ParseAdd("trailers");
        message.Headers.Add("grpc-accept-encoding", "identity");
        if (Receiver.IsCompressed)
        {
            message.Headers.Add("grpc-encoding", Gzip.Name);
        }

        if (Receiver.Timeout > TimeSpan.Zero)
        {
            message.Headers.Add("grpc-timeout", string.Create(CultureInfo.InvariantCulture, $"{(long)Receiver.Timeout.TotalMilliseconds}m"));
        }
    }

    protected override SendOutcome Read(HttpResponseMessage response, byte[] body)
    {
        // A call that fails at once has its status in the headers, any other in the trailers.
        if ((Header(response.TrailingHeaders, "grpc-status") ?? Header(response.Headers, "grpc-status")) is not { } text)
        {
            return response.IsSuccessStatusCode
                ? new SendOutcome(SendOutcomeKind.Misunderstood, $"{Receiver.Server} does not answer as gRPC does") { Advice = ReceiverAdvice.OtherProtocol(Receiver) }
                : ReadFailure(response, body);
        }

        var status = GrpcStatus.Read(text);
        if (status != GrpcStatus.Ok)
        {
            return ReadFailure(response, status);
        }

        var said = body.Length > PrefixBytes && body[0] == 0 ? OtlpResponse.Read(body.AsSpan(PrefixBytes)) : default;
        return new SendOutcome(SendOutcomeKind.Arrived, AnswerText.OneLine(said.Words)) { RefusedSpans = said.RefusedSpans };
    }

    private SendOutcome ReadFailure(HttpResponseMessage response, int status)
    {
        var details = Header(response.TrailingHeaders, "grpc-status-details-bin") ?? Header(response.Headers, "grpc-status-details-bin");
        var rpc = RpcStatus.Read(Decoded(details));
        var message = Header(response.TrailingHeaders, "grpc-message") ?? Header(response.Headers, "grpc-message");
        var said = AnswerText.OneLine(message is null ? rpc.Words : Uri.UnescapeDataString(message));
        var words = said is null ? $"gRPC {GrpcStatus.NameOf(status)}" : $"gRPC {GrpcStatus.NameOf(status)}: {said}";
        if (GrpcStatus.IsRetryable(status, rpc.RetryAfter is not null))
        {
            return new SendOutcome(SendOutcomeKind.Busy, words) { RetryAfter = rpc.RetryAfter };
        }

        return status switch
        {
            GrpcStatus.Unauthenticated or GrpcStatus.PermissionDenied => new SendOutcome(SendOutcomeKind.Refused, words) { Advice = ReceiverAdvice.Credentials },
            GrpcStatus.Unimplemented => new SendOutcome(SendOutcomeKind.Misunderstood, words) { Advice = ReceiverAdvice.OtherPlace(Receiver) },
            _ => new SendOutcome(SendOutcomeKind.Refused, words),
        };
    }

    private static byte[] Framed(ReadOnlyMemory<byte> request, bool isCompressed)
    {
        var framed = new byte[PrefixBytes + request.Length];
        framed[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.Length);
        request.Span.CopyTo(framed.AsSpan(PrefixBytes));
        return framed;
    }

    private byte[] Framed(ReadOnlyMemory<byte> request) => Framed(request, Receiver.IsCompressed);

    // Base64, with its padding or without.
    private static byte[] Decoded(string? text)
    {
        var base64 = Encoding.ASCII.GetBytes((text ?? "").TrimEnd('='));
        var padded = new byte[(base64.Length + 3) / 4 * 4];
        Array.Fill(padded, (byte)'=');
        base64.CopyTo(padded, 0);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        return Base64.DecodeFromUtf8(padded, bytes, out _, out var written) == System.Buffers.OperationStatus.Done ? bytes[..written] : [];
    }

    private static string? Header(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
