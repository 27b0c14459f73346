using System.Net.Sockets;
using System.Security.Authentication;

namespace RolloutTrace.Cli;

/// <summary>What it means that no answer came.</summary>
internal static class ConnectionTrouble
{
    private const long ProtocolError = 0x1;
    private const long FrameSizeError = 0x6;
    private const long Http11Required = 0xd;

    /// <param name="error">What the library says.</param>
    /// <param name="receiver">The receiver.</param>
    /// <param name="isUnderstood">Whether the receiver took a request before, so that it is one.</param>
    public static SendOutcome Of(HttpRequestException error, Receiver receiver, bool isUnderstood) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new SendOutcome(SendOutcomeKind.Absent, $"there is no host {receiver.Address.Host}"),
        HttpRequestError.ConnectionError when IsNobodyThere(error) =>
            new SendOutcome(SendOutcomeKind.Absent, $"nobody listens at {receiver.Server}") { Advice = "is the receiver running, and is that its port?" },
        HttpRequestError.SecureConnectionError => OfHandshake(error, receiver),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError when !isUnderstood && !IsReset(error) =>
            new SendOutcome(SendOutcomeKind.Misunderstood, receiver.IsGrpc ? $"{receiver.Server} does not speak gRPC" : $"{receiver.Server} does not speak HTTP/1.1")
            {
                Advice = ReceiverAdvice.OtherProtocol(receiver),
            },
        // A server of the other protocol may close the connection, too. Where the port is that one's, it is no use to wait.
        _ => new SendOutcome(
            !isUnderstood && ReceiverAdvice.OtherProtocolIfLikely(receiver) is not null ? SendOutcomeKind.Misunderstood : SendOutcomeKind.Busy,
            $"{receiver.Server} closed the connection without an answer")
        {
            Advice = isUnderstood ? null : ReceiverAdvice.OtherProtocol(receiver),
        },
    };

    // Who speaks HTTP/2 may give up a request and not say why; who speaks something else does not say that.
    private static bool IsReset(HttpRequestException error) => error.InnerException is HttpProtocolException { ErrorCode: not (ProtocolError or FrameSizeError or Http11Required) };

    private static bool IsNobodyThere(HttpRequestException error) => error.GetBaseException() is not SocketException socket
        || socket.SocketErrorCode is not (SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown);

    private static SendOutcome OfHandshake(HttpRequestException error, Receiver receiver)
    {
        var (words, advice) = error.InnerException switch
        {
            AuthenticationException certificate when certificate.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
                ($"the certificate of {receiver.Server} is not trusted: {AnswerText.OneLine(certificate.Message)}", "--certificate FILE names the authority that it comes from"),
            _ => ($"{receiver.Server} does not speak TLS as it should: {AnswerText.OneLine(error.GetBaseException().Message)}", "if it speaks none, its address begins with http://"),
        };
        return new SendOutcome(SendOutcomeKind.Absent, words) { Advice = advice };
    }
}
