using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace RolloutTrace.Stores.Tests;

public class QueuedRolloutsTests
{
    private static readonly RolloutMessage Message = new() { SchemaVersion = 1, Key = StoreFixture.Key, Sha256 = new string('a', 64), Bytes = 7 };

    [NatsFact]
    public async Task The_stream_is_as_documented_and_a_message_counts_once()
    {
        await using var server = await NatsServer.StartAsync();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);

        await queue.AnnounceAsync(Message);
        await queue.AnnounceAsync(Message);
        await queue.AnnounceAsync(Message with { Sha256 = new string('b', 64) });

        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        var context = new NatsJSContext(connection);
        var stream = await context.GetStreamAsync("ROLLOUTS");
        stream.Info.State.Messages.ShouldBe(2);
        stream.Info.Config.Subjects.ShouldBe(["rollouts.packed"]);
        stream.Info.Config.Retention.ShouldBe(StreamConfigRetention.Workqueue);
        stream.Info.Config.Storage.ShouldBe(StreamConfigStorage.File);
        stream.Info.Config.DuplicateWindow.ShouldBe(TimeSpan.FromMinutes(10));
        stream.Info.Config.NumReplicas.ShouldBe(1);
        var first = await stream.GetAsync(new StreamMsgGetRequest { Seq = 1 });
        Encoding.UTF8.GetString(first.Message.Data.Span).ShouldBe($$"""{"schema_version":1,"key":"{{StoreFixture.Key}}","sha256":"{{new string('a', 64)}}","bytes":7}""");
    }

    [NatsFact]
    public async Task A_stream_that_is_there_is_used_as_it_is()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        var context = new NatsJSContext(connection);
        await context.CreateStreamAsync(new StreamConfig("ROLLOUTS", ["rollouts.>"]) { Storage = StreamConfigStorage.Memory });

        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        await queue.AnnounceAsync(Message);

        var info = (await context.GetStreamAsync("ROLLOUTS")).Info;
        info.State.Messages.ShouldBe(1);
        info.Config.Storage.ShouldBe(StreamConfigStorage.Memory);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_given_up()
    {
        var error = await Should.ThrowAsync<StoreException>(() => QueuedRollouts.OpenAsync("nats://127.0.0.1:1,nats://127.0.0.1:2", new RolloutStoreOptions { Timeout = TimeSpan.FromSeconds(1) })).WaitAsync(TimeSpan.FromMinutes(1));

        error.Message.ShouldStartWith("nats://127.0.0.1:1,nats://127.0.0.1:2: cannot be reached: ");
    }

    [Theory]
    [InlineData("http://h")]
    [InlineData("nats://")]
    [InlineData("nats://h:1/B")]
    public async Task What_is_no_server_is_refused(string url) =>
        (await Should.ThrowAsync<StoreException>(() => QueuedRollouts.OpenAsync(url))).Message.ShouldContain("give nats://host:port");

    [Fact]
    public void A_message_is_read_as_it_was_written() => RolloutMessage.Parse(Message.ToJson()).ShouldBe(Message);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"schema_version":2,"key":"2026-02-02/x.rollout.tar.zst","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bytes":1}""")]
    [InlineData("""{"schema_version":1,"key":"../x.rollout.tar.zst","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bytes":1}""")]
    [InlineData("""{"schema_version":1,"key":null,"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bytes":1}""")]
    [InlineData("""{"schema_version":1,"key":"2026-02-02/x.rollout.tar.zst","sha256":null,"bytes":1}""")]
    [InlineData("""{"schema_version":1,"key":"2026-02-02/x.rollout.tar.zst","sha256":"aa","bytes":1}""")]
    [InlineData("""{"schema_version":1,"key":"2026-02-02/x.rollout.tar.zst","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    public void What_is_not_ours_is_no_message(string json) => RolloutMessage.Parse(Encoding.UTF8.GetBytes(json)).ShouldBeNull();
}
