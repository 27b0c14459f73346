using System.Text;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting;
using RolloutTrace.Recorder;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Integration.Tests;

/// <summary>What OpenTelemetry's own exporter makes of a rollout that is sent.</summary>
public sealed class SentRolloutsTests : IDisposable
{
    private readonly string work = Directory.CreateTempSubdirectory("rollout-trace-sent-").FullName;

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task A_rollout_arrives_as_it_is_on_disk(OtlpExportProtocol protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol == OtlpExportProtocol.Grpc);
        Record(receiver, protocol);

        var records = receiver.Requests.SelectMany(static request => OtlpLogs.ReadProtobuf(request.Message)).Select(static fields => fields.ToRecord(out _).ShouldNotBeNull()).ToList();
        using var assembly = BundleAssembly.Open(Path.Join(work, "spool"), records[0].Bundle, new AssemblyOptions { IsDurable = false });
        records.ForEach(record => assembly.Add(record).Reason.ShouldBeNull());
        assembly.IsWhole.ShouldBeTrue();
        assembly.WriteTo(Path.Join(work, "made"));

        var disk = Directory.GetDirectories(Path.Join(work, "root")).ShouldHaveSingleItem();
        FilesOf(Path.Join(work, "made")).ShouldBe(FilesOf(disk));
    }

    [Fact]
    public async Task A_record_has_name_body_time_severity_span_and_attributes_by_the_contract()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);
        Record(receiver, OtlpExportProtocol.HttpProtobuf);

        receiver.Requests.ShouldAllBe(static request => request.Path == "/v1/logs");
        var resourceLogs = receiver.Requests.SelectMany(static request => request.Message.In(1)).ToList();
        resourceLogs.ShouldAllBe(static logs => Encoding.UTF8.GetString(logs.In(1).Single()).Contains("agents-of-a-test", StringComparison.Ordinal));
        var scopes = resourceLogs.SelectMany(static logs => logs.In(2)).ToList();
        scopes.ShouldAllBe(static scope => Encoding.UTF8.GetString(scope.In(1).Single().In(1).Single()) == "RolloutTrace");

        var logs = scopes.SelectMany(static scope => scope.In(2)).ToList();
        var disk = File.ReadAllLines(Path.Join(Directory.GetDirectories(Path.Join(work, "root")).Single(), "trace.jsonl"));
        Encoding.UTF8.GetString(logs[0].In(12).Single()).ShouldBe("rollout.manifest");
        foreach (var log in logs.Where(static log => Encoding.UTF8.GetString(log.In(12).Single()) == "rollout.raw_event"))
        {
            var line = log.In(5).Single().TextIn(1);
            var rawEvent = RawEvent.Parse(Encoding.UTF8.GetBytes(line));
            line.ShouldBe(disk[(int)rawEvent.Seq - 1]);
            Convert.ToHexStringLower(log.In(9).SingleOrDefault() ?? []).ShouldBe(rawEvent.Otel?.TraceId ?? "");
            Convert.ToHexStringLower(log.In(10).SingleOrDefault() ?? []).ShouldBe(rawEvent.Otel?.SpanId ?? "");
            NumberOf(log, 1).ShouldBe((ulong)rawEvent.WallTimeUnixMs * 1_000_000);
            NumberOf(log, 2).ShouldBe(9UL);
            AttributesOf(log).ShouldBe(
                new[] { "rollout.bundle", "rollout.id", "rollout.event.seq", "rollout.event.type", "rollout.thread.id", "rollout.turn.id" }
                    .Where(name => name switch { "rollout.thread.id" => rawEvent.ThreadId is not null, "rollout.turn.id" => rawEvent.CodexTurnId is not null, _ => true }));
        }
    }

    public void Dispose() => Directory.Delete(work, recursive: true);

    private static IEnumerable<string> AttributesOf(byte[] log) => log.In(6).Select(static attribute => Encoding.UTF8.GetString(attribute.In(1).Single()));

    private static SortedDictionary<string, string> FilesOf(string directory) => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(directory, file), static file => Encoding.Latin1.GetString(File.ReadAllBytes(file))), StringComparer.Ordinal);

    // Fields of a log record that are numbers.
    private static ulong NumberOf(byte[] log, int number)
    {
        using var stream = new MemoryStream(log);
        using var reader = new BinaryReader(stream);
        while (stream.Position < stream.Length)
        {
            var tag = reader.Read7BitEncodedInt();
            var value = (tag & 7) switch
            {
                0 => (ulong)reader.Read7BitEncodedInt64(),
                1 => reader.ReadUInt64(),
                5 => reader.ReadUInt32(),
                _ => (ulong)reader.ReadBytes(reader.Read7BitEncodedInt()).Length,
            };
            if (tag >> 3 == number)
            {
                return value;
            }
        }

        return 0;
    }

    private void Record(OtlpReceiver receiver, OtlpExportProtocol protocol)
    {
        string? own = null;
        using var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(static resource => resource.AddService("agents-of-a-test"))
            .AddRolloutTracing(options =>
            {
                options.BundleRoot = Path.Join(work, "root");
                options.Filter = rollout => rollout.RootThreadId == own;
                options.Destination = RecordDestination.DiskAndOtlp;
                options.LogExporterFactory = _ => new OtlpLogExporter(new OtlpExporterOptions
                {
                    Protocol = protocol,
                    Endpoint = new Uri(protocol == OtlpExportProtocol.Grpc ? receiver.Address : $"{receiver.Address}/v1/logs"),
                });
            })
            .Build();
        own = Guid.CreateVersion7().ToString();
        using var session = RolloutTracing.StartSession(new AgentSessionOptions { ThreadId = own });
        using (var turn = session.StartTurn())
        {
            using var request = turn.StartModelRequest("m", JsonPayload.OfText(new string('x', 10_000) + "é😀"));
            request.Complete("r", usage: null, JsonPayload.OfJson("[]"));
            turn.Complete();
        }

        session.Complete();
    }
}
