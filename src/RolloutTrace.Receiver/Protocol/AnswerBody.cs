using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>The bodies of answers: an export's response where it was taken, else a <c>google.rpc.Status</c>.</summary>
internal static class AnswerBody
{
    private const string RetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As protobuf.</summary>
    public static byte[] Protobuf(ExportAnswer answer) => answer.Fate == ExportFate.Taken ? Response(answer) : Status(answer);

    /// <summary>The Status, as protobuf.</summary>
    public static byte[] Status(ExportAnswer answer)
    {
        var status = new ProtobufBuilder().Number(1, answer.GrpcStatus).Text(2, answer.Message);
        if (answer.RetrySeconds is { } seconds)
        {
            var retry = new ProtobufBuilder().Message(1, new ProtobufBuilder().Number(1, seconds));
            status.Message(3, new ProtobufBuilder().Text(1, RetryInfo).Message(2, retry));
        }

        return status.ToArray();
    }

    /// <summary>As JSON.</summary>
    public static byte[] Json(ExportAnswer answer, ExportSignal signal)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            if (answer.Fate != ExportFate.Taken)
            {
                WriteStatus(json, answer);
            }
            else if (answer.Message.Length > 0)
            {
                json.WriteStartObject("partialSuccess");
                json.WriteString(signal == ExportSignal.Logs ? "rejectedLogRecords" : "rejectedSpans", answer.Rejected.ToString(CultureInfo.InvariantCulture));
                json.WriteString("errorMessage", answer.Message);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // The responses of logs and of traces have the same fields.
    private static byte[] Response(ExportAnswer answer) =>
        answer.Message.Length == 0 ? [] : new ProtobufBuilder().Message(1, new ProtobufBuilder().Number(1, answer.Rejected).Text(2, answer.Message)).ToArray();

    private static void WriteStatus(Utf8JsonWriter json, ExportAnswer answer)
    {
        json.WriteNumber("code", answer.GrpcStatus);
        json.WriteString("message", answer.Message);
        if (answer.RetrySeconds is { } seconds)
        {
            json.WriteStartArray("details");
            json.WriteStartObject();
            json.WriteString("@type", RetryInfo);
            json.WriteString("retryDelay", $"{seconds}s");
            json.WriteEndObject();
            json.WriteEndArray();
        }
    }
}
