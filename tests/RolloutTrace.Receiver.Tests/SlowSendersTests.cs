using System.Net;
using System.Net.Sockets;
using System.Text;
using RolloutTrace.Receiver.Protocol;
using RolloutTrace.Receiver.Tests.Protocol;

namespace RolloutTrace.Receiver.Tests;

/// <summary>Who says that much comes, and sends it byte by byte or not at all, keeps nobody else waiting.</summary>
public sealed class SlowSendersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("Content-Length: 20971520")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Slow_senders_of_more_than_there_is_memory_for_are_told_to_come_again_while_others_are_answered(string length)
    {
        await using var server = await ServerOfTest.StartAsync();
        using var http = new HttpClient { Timeout = Patience };
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 10; i++)
            {
                var client = new TcpClient();
                slow.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Http).Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n{length}\r\n\r\n{(length.StartsWith('C') ? "x" : "1\r\nx\r\n")}"));
            }

            using var content = new ByteArrayContent(new byte[1_000]);
            content.Headers.ContentType = new("application/x-protobuf");
            using var answer = await http.PostAsync(server.Http + "/v1/logs", content).WaitAsync(TimeSpan.FromSeconds(30));

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            server.Sink.Taken.ShouldHaveSingleItem();
            var told = await (await Task.WhenAny(slow.Select(static client => FirstLinesAsync(client)))).WaitAsync(Patience);
            told.ShouldStartWith("HTTP/1.1 429 ");
            told.ShouldContain("Retry-After: 5\r\n");
        }
        finally
        {
            slow.ForEach(static client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_hundred_that_send_eight_megabytes_at_once_and_as_many_that_end_in_the_middle_are_answered_or_gone()
    {
        await using var server = await ServerOfTest.StartAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        var body = new byte[8 << 20];
        var gone = Enumerable.Range(0, 100).Select(async i =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Http).Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {body.Length}\r\n\r\n"));
            await client.GetStream().WriteAsync(body.AsMemory(0, i * 1_000));
        });
        var sent = Enumerable.Range(0, 100).Select(async _ =>
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/x-protobuf");
            while (true)
            {
                try
                {
                    using var answer = await http.PostAsync(server.Http + "/v1/logs", content);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        return;
                    }

                    answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
                }
                catch (HttpRequestException)
                {
                    // Who is told to come again while it still sends may find the connection closed.
                }
            }
        });

        await Task.WhenAll(gone.Concat(sent)).WaitAsync(TimeSpan.FromMinutes(5));

        server.Sink.Taken.Count.ShouldBe(100);
        server.Sink.Taken.ShouldAllBe(taken => taken.Message.Length == body.Length);
    }

    private static async Task<string> FirstLinesAsync(TcpClient client)
    {
        var bytes = new byte[2_000];
        var read = await client.GetStream().ReadAtLeastAsync(bytes, 150, throwOnEndOfStream: false);
        return Encoding.ASCII.GetString(bytes, 0, read);
    }
}
