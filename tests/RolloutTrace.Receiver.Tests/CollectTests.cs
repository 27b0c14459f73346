using System.Net;
using System.Text;
using OpenTelemetry.Exporter;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Receiver.Tests.Sending;
using RolloutTrace.Records;

namespace RolloutTrace.Receiver.Tests;

/// <summary>What becomes of records, from a sender to the store.</summary>
public sealed class CollectTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;

    private string Store => Path.Join(directory, "store");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task FromOpenTelemetrysExporter_ItIsWhatWasRecorded(OtlpExportProtocol protocol)
    {
        var rollout = new SentRollout(directory, 1, requests: 3, payloadBytes: 3_000);
        using var process = await CollectProcess.StartAsync(Store, "--api-key", "k1");

        SdkSender.Send(rollout.Records, protocol == OtlpExportProtocol.Grpc ? process.Grpc : process.Http, protocol, "k1");

        await CollectProcess.UntilAsync(() => rollout.Stored(Store) is not null, () => $"nothing came: {string.Join("; ", process.Said)}");
        rollout.ShouldBeStored(Store);
        Path.GetFileName(Path.GetDirectoryName(rollout.Stored(Store)!)).ShouldBe("2026-02-02");
        (await process.EndAsync()).ShouldBe(0);
        process.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsIdle_IsPackedWithItsHoleNamed_AndWhatComesLaterReplacesIt()
    {
        var rollout = new SentRollout(directory, 2);
        var late = rollout.Records.Where(static record => record.Seq == 5 || record is { Kind: BundleRecordKind.Payload, PayloadNumber: 3, Chunk: 1 }).ToList();
        using var process = await CollectProcess.StartAsync(Store, "--idle", "300ms");
        using var sender = new CollectorSender(() => process.Http);

        await sender.SendAsync([.. rollout.Records.Except(late)]);
        await CollectProcess.UntilAsync(() => !process.Said.IsEmpty, static () => "no hole was named");
        process.Said.ShouldHaveSingleItem().ShouldBe($"2026-02-02/{rollout.Name}.rollout.tar.zst: lacks events 5 and payloads/3.json");
        ManifestOf(rollout).ShouldContain("\"collected\":{\"missing_seq\":[[5,5]],\"missing_payloads\":[\"payloads/3.json\"]}");

        await sender.SendAsync(late);
        await CollectProcess.UntilAsync(() => !ManifestOf(rollout).Contains("collected", StringComparison.Ordinal), static () => "it was not packed again");
        rollout.ShouldBeStored(Store);

        // And once more what it has had: it stays as it is.
        await sender.SendAsync(rollout.Records);
        (await process.EndAsync()).ShouldBe(0);
        rollout.ShouldBeStored(Store);
        process.Said.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WhatIsOpenWhenItEnds_GoesOnAtTheNextStart()
    {
        var rollout = new SentRollout(directory, 3);
        using (var process = await CollectProcess.StartAsync(Store))
        {
            using var sender = new CollectorSender(() => process.Http);
            await sender.SendAsync([.. rollout.Records.Take(5)]);
            (await process.EndAsync()).ShouldBe(0);
        }

        rollout.Stored(Store).ShouldBeNull();
        using var again = await CollectProcess.StartAsync(Store);
        using var other = new CollectorSender(() => again.Http);
        await other.SendAsync([.. rollout.Records.Skip(5)]);
        await CollectProcess.UntilAsync(() => rollout.Stored(Store) is not null, () => string.Join("; ", again.Said));
        rollout.ShouldBeStored(Store);
    }

    [Fact]
    public async Task WhatCannotBeTaken_IsCountedAndNamed_AndTheRestIsTaken()
    {
        var rollout = new SentRollout(directory, 4);
        var other = rollout.Records.Single(static record => record.Seq == 3) with { Body = "{\"another\":1}"u8.ToArray() };
        using var process = await CollectProcess.StartAsync(Store);
        using var http = new HttpClient();

        var answer = await PostAsync(http, process.Http + "/v1/logs", BundleRecords.ToOtlpJson([.. rollout.Records, other, rollout.Records[0] with { Bundle = "../../etc" }]));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ShouldContain("\"rejectedLogRecords\":\"2\"");
        answer.Body.ShouldContain("seq 3");
        answer.Body.ShouldContain("../../etc");
        await CollectProcess.UntilAsync(() => rollout.Stored(Store) is not null, () => string.Join("; ", process.Said));
        rollout.ShouldBeStored(Store);
        File.Exists(Path.Join(directory, "etc")).ShouldBeFalse();
    }

    [Fact]
    public async Task WhereNothingCanBeWritten_NothingIsAcknowledged_AndNothingAcknowledgedIsLost()
    {
        var rollout = new SentRollout(directory, 5, requests: 30, payloadBytes: 6_000);
        var acknowledged = new List<BundleRecord>();
        var refused = new List<BundleRecord>();

        // No file grows beyond 64 blocks of a kilobyte or half of one: as a full disk, but for this process alone.
        using (var process = await CollectProcess.StartAsync(Store, "export DOTNET_EnableWriteXorExecute=0; ulimit -f 128; ", []))
        {
            using var http = new HttpClient();
            foreach (var chunk in rollout.Records.Chunk(10))
            {
                var answer = await PostAsync(http, process.Http + "/v1/logs", BundleRecords.ToOtlpJson(chunk));
                answer.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
                (answer.Status == HttpStatusCode.OK ? acknowledged : refused).AddRange(chunk);
            }

            acknowledged.ShouldNotBeEmpty();
            refused.ShouldNotBeEmpty();
            process.Said.ShouldContain(static line => line.Contains("cannot be written", StringComparison.Ordinal));
            await process.KillAsync();
        }

        using var again = await CollectProcess.StartAsync(Store);
        using var sender = new CollectorSender(() => again.Http);
        await sender.SendAsync(refused);
        await CollectProcess.UntilAsync(() => rollout.Stored(Store) is not null, () => string.Join("; ", again.Said));
        rollout.ShouldBeStored(Store);
    }

    [Fact]
    public async Task ASpool_IsOfOneProcess()
    {
        using var process = await CollectProcess.StartAsync(Store);

        (await Should.ThrowAsync<InvalidOperationException>(() => CollectProcess.StartAsync(Store))).Message.ShouldContain("another process receives into it");
    }

    private string ManifestOf(SentRollout rollout)
    {
        using var packed = PackedBundle.Open(rollout.Stored(Store)!);
        using var manifest = packed.Read(BundleLayout.ManifestFileName, 1 << 20);
        return Encoding.UTF8.GetString(manifest.Span);
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient http, string address, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(address, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
