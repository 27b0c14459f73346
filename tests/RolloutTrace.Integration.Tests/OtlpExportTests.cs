using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace RolloutTrace.Integration.Tests;

/// <summary>What goes over the wire, seen from the receiver's side: the exporter fails silently.</summary>
public sealed class OtlpExportTests
{
    private const int ReceiversLimit = 4 << 20;

    private const int DefaultBatch = 512;

    // What AgentSessionOptions.ContentLimit says.
    private const int AdvisedBatch = 24;

    // More than the exporter puts into one batch.
    private const int ManyRequests = 700;

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task The_receiver_gets_every_span_whole_and_no_content(OtlpExportProtocol protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol == OtlpExportProtocol.Grpc);
        using var pipeline = new Pipeline(builder => Export(builder, receiver, protocol));

        EveryEnding.Run(pipeline.StartSession(new() { Model = "gpt-5", ProviderName = "openai", CaptureMessageContent = false }));
        pipeline.ShutDown();

        pipeline.Spans.Count.ShouldBeGreaterThan(50);
        receiver.Spans.ShouldBeWhatWasSent(pipeline.Spans);
        var sent = pipeline.Spans.Select(span => span.SpanId.ToHexString()).ToHashSet();
        receiver.Spans.Where(span => sent.Contains(Convert.ToHexStringLower(span.In(2).Single()))).ShouldAllBe(span => !Contains(span, "secret"));
        receiver.Requests.ShouldAllBe(request => request.Path == PathOf(protocol) && request.ContentType == TypeOf(protocol));
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task With_content_switched_on_the_receiver_gets_that_too(OtlpExportProtocol protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol == OtlpExportProtocol.Grpc);
        using var pipeline = new Pipeline(builder => Export(builder, receiver, protocol));

        EveryEnding.Run(pipeline.StartSession(new() { Model = "gpt-5", ProviderName = "openai", CaptureMessageContent = true }));
        pipeline.ShutDown();

        receiver.Spans.ShouldBeWhatWasSent(pipeline.Spans);
        receiver.Spans.Where(span => Contains(span, "secret")).SelectMany(span => span.In(9)).Where(attribute => Contains(attribute, "secret")).Select(attribute => attribute.TextIn(1)).Distinct()
            .ShouldBe(["gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "process.command_args"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Batches_of_the_size_that_is_advised_for_content_stay_below_what_receivers_take(OtlpExportProtocol protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol == OtlpExportProtocol.Grpc);
        using var pipeline = new Pipeline(builder => Export(builder, receiver, protocol, AdvisedBatch));
        var text = new string('x', 100_000);
        var request = $$"""{"instructions":"{{text}}","tools":[{"type":"function","name":"f","description":"{{text}}"}],"input":[{"type":"message","role":"user","content":"{{text}}"}]}""";
        var answer = $$"""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{text}}"}]}]""";

        using (var session = pipeline.StartSession(new() { Model = "gpt-5", ProviderName = "openai", CaptureMessageContent = true }))
        {
            using var turn = session.StartTurn();
            for (var i = 0; i < ManyRequests; i++)
            {
                turn.StartModelRequest(null, JsonPayload.OfJson(request)).Complete($"resp_{i}", new TokenUsage(1, 1), JsonPayload.OfJson(answer));
            }
        }

        pipeline.ShutDown();

        receiver.Requests.Count.ShouldBeGreaterThan(1);
        receiver.Requests.ShouldAllBe(batch => batch.Message.Length < ReceiversLimit);
        receiver.Spans.ShouldBeWhatWasSent(pipeline.Spans);
        receiver.Spans.Count(span => Contains(span, "xxx")).ShouldBeGreaterThanOrEqualTo(ManyRequests);
    }

    private static void Export(TracerProviderBuilder builder, OtlpReceiver receiver, OtlpExportProtocol protocol, int batch = DefaultBatch) => builder.AddOtlpExporter(options =>
    {
        options.Protocol = protocol;
        options.Endpoint = new Uri(protocol == OtlpExportProtocol.Grpc ? receiver.Address : $"{receiver.Address}/v1/traces");

        // Sent when they are full and at the end.
        options.BatchExportProcessorOptions.MaxExportBatchSize = batch;
        options.BatchExportProcessorOptions.ScheduledDelayMilliseconds = int.MaxValue;
    });

    private static string PathOf(OtlpExportProtocol protocol) =>
        protocol == OtlpExportProtocol.Grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces";

    private static string TypeOf(OtlpExportProtocol protocol) => protocol == OtlpExportProtocol.Grpc ? "application/grpc" : "application/x-protobuf";

    private static bool Contains(byte[] message, string text) => message.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
}
