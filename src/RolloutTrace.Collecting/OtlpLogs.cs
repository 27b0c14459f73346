using System.Text.Json;
using RolloutTrace.Collecting.Otlp;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting;

/// <summary>Reads OTLP's message <c>ExportLogsServiceRequest</c>; a Collector's file exporter writes the same under the name <c>LogsData</c>.</summary>
public static class OtlpLogs
{
    /// <summary>The log records of a request in protobuf, in their order.</summary>
    /// <param name="request">The message. It must not change as long as the records are used.</param>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static IReadOnlyList<LogRecordFields> ReadProtobuf(ReadOnlyMemory<byte> request) => LogsProtobuf.Read(request);

    /// <summary>The log records of a request in JSON, in their order.</summary>
    /// <param name="request">The document.</param>
    /// <exception cref="InvalidDataException">It is no such document.</exception>
    public static IReadOnlyList<LogRecordFields> ReadJson(ReadOnlyMemory<byte> request) => LogsJson.Read(request);

    /// <summary>The log records of a request that was parsed already, in their order.</summary>
    /// <param name="request">The object. It is not needed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no such object.</exception>
    public static IReadOnlyList<LogRecordFields> ReadJson(JsonElement request) => LogsJson.Read(request);
}
