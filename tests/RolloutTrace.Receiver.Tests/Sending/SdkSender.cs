using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using RolloutTrace.Records;

namespace RolloutTrace.Receiver.Tests.Sending;

/// <summary>Sends records through OpenTelemetry's own exporter.</summary>
internal static class SdkSender
{
    public static void Send(IEnumerable<BundleRecord> records, string address, OtlpExportProtocol protocol, string? key = null)
    {
        using var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.AddOtlpExporter((exporter, processor) =>
            {
                exporter.Protocol = protocol;
                exporter.Endpoint = new Uri(protocol == OtlpExportProtocol.Grpc ? address : address + "/v1/logs");
                exporter.Headers = key is null ? null : $"authorization=Bearer {key}";
                exporter.TimeoutMilliseconds = 60_000;
                processor.ExportProcessorType = ExportProcessorType.Simple;
            });
        }));
        var logger = factory.CreateLogger(RecordNames.Scope);
        foreach (var record in records)
        {
            var (name, attributes) = Describe(record);
            logger.Log(LogLevel.Information, new EventId(0, name), attributes, null, (_, _) => Encoding.UTF8.GetString(record.Body.Span));
        }
    }

    private static (string Name, List<KeyValuePair<string, object?>> Attributes) Describe(BundleRecord record)
    {
        var attributes = new List<KeyValuePair<string, object?>> { new("rollout.bundle", record.Bundle) };
        switch (record.Kind)
        {
            case BundleRecordKind.Manifest:
                return ("rollout.manifest", attributes);
            case BundleRecordKind.RawEvent:
                attributes.Add(new("rollout.event.seq", record.Seq));
                return ("rollout.raw_event", attributes);
            default:
                var facts = record.Payload!;
                attributes.Add(new("rollout.payload.path", string.Create(CultureInfo.InvariantCulture, $"payloads/{record.PayloadNumber}.json")));
                attributes.Add(new("rollout.payload.bytes", (long)facts.Bytes));
                attributes.Add(new("rollout.payload.sha256", facts.Sha256));
                attributes.Add(new("rollout.payload.encoding", facts.Encoding));
                attributes.Add(new("rollout.chunk.number", record.Chunk));
                attributes.Add(new("rollout.chunk.count", facts.Chunks));
                return ("rollout.payload", attributes);
        }
    }
}
