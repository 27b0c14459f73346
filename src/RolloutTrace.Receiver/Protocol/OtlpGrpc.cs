using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>
/// OTLP over gRPC: the methods Export of its two services. Both take one message and give one, which of gRPC is a frame of five bytes before each and a status behind; so
/// the limit of what is unzipped, and who may send at all, are looked at before anything else is done, and there is one way for both protocols.
/// </summary>
internal sealed class OtlpGrpc(ExportReader reader, ApiKeys keys)
{
    public const string ContentType = "application/grpc";

    private const int PrefixBytes = 5;

    /// <summary>Whether a request is one of gRPC.</summary>
    public static bool Is(HttpRequest request) => request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    public async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        ExportAnswer answer;
        try
        {
            answer = WhyRefused(request) ?? await reader.ReadAsync(
                request.Body,
                SignalOf(request)!.Value,
                isJson: false,
                stop => ReadPrefixAsync(request, stop),
                context.RequestAborted).ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            answer = e.Answer;
        }

        await WriteAsync(context.Response, answer).ConfigureAwait(false);
    }

    private ExportAnswer? WhyRefused(HttpRequest request)
    {
        if (SignalOf(request) is null)
        {
            return new ExportAnswer(ExportFate.NotFound, $"there is no method {request.Path}");
        }

        if (keys.WhyRefused(request.Headers.Authorization) is { } wrong)
        {
            return new ExportAnswer(ExportFate.Unauthenticated, wrong);
        }

        if (request.ContentType!.Split(';')[0].Trim().ToLowerInvariant() is not (ContentType or ContentType + "+proto"))
        {
            return new ExportAnswer(ExportFate.Unsupported, "messages are protobuf");
        }

        return request.Headers["grpc-encoding"].ToString() is "" or "identity" or "gzip" ? null : new ExportAnswer(ExportFate.Unsupported, "messages are zipped with gzip, or not at all");
    }

    private static ExportSignal? SignalOf(HttpRequest request) => request.Path.Value switch
    {
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export" => ExportSignal.Logs,
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => ExportSignal.Traces,
        _ => null,
    };

    private static async ValueTask<(long? Length, bool IsZipped)> ReadPrefixAsync(HttpRequest request, CancellationToken stop)
    {
        var prefix = new byte[PrefixBytes];
        if (await request.Body.ReadAtLeastAsync(prefix, PrefixBytes, throwOnEndOfStream: false, stop).ConfigureAwait(false) < PrefixBytes || prefix[0] > 1)
        {
            throw new RefusedException(ExportFate.NoOtlp, "it is no message");
        }

        var isZipped = prefix[0] == 1;
        return isZipped && request.Headers["grpc-encoding"] != "gzip"
            ? throw new RefusedException(ExportFate.NoOtlp, "it is zipped, and does not say how")
            : (BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1)), isZipped);
    }

    private static async Task WriteAsync(HttpResponse response, ExportAnswer answer)
    {
        response.ContentType = ContentType;
        var status = answer.GrpcStatus.ToString(CultureInfo.InvariantCulture);
        if (answer.Fate == ExportFate.Taken)
        {
            var message = AnswerBody.Protobuf(answer);
            var frame = new byte[PrefixBytes + message.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
            message.CopyTo(frame.AsSpan(PrefixBytes));
            await response.Body.WriteAsync(frame).ConfigureAwait(false);
            response.AppendTrailer("grpc-status", status);
            return;
        }

        // Without a message the status stands with the headers.
        response.Headers["grpc-accept-encoding"] = "identity,gzip";
        response.Headers["grpc-status"] = status;
        response.Headers["grpc-message"] = Escaped(answer.Message);
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(AnswerBody.Status(answer)).TrimEnd('=');
    }

    // What is no printable ASCII, and the percent sign.
    private static string Escaped(string message)
    {
        var escaped = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            escaped.Append(b is >= 0x20 and <= 0x7E and not (byte)'%' ? ((char)b).ToString() : $"%{b:X2}");
        }

        return escaped.ToString();
    }
}
