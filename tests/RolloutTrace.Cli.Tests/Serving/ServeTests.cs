using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Serving;

/// <summary>The server as a process of its own, asked as a browser and as a stranger would.</summary>
public sealed class ServeTests : IDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    private readonly TestDirectory directory = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All, UseCookies = false });

    public void Dispose()
    {
        http.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("serve", "--help").Describe());

    [Fact]
    public async Task TheList_HasTheRolloutsOfTheRootAndWhatCannotBeRead()
    {
        directory.Copy("mixed-1001", "a");
        directory.Copy("mixed-1003", "deeper/b");
        directory.Copy("cell-wait", "damaged");
        File.WriteAllText(Path.Join(directory.Place("damaged"), "manifest.json"), "{");
        using var server = await ServeProcess.StartAsync(directory.Path);

        var answer = JsonNode.Parse(await Get(server, "list"))!;

        answer["root"]!.GetValue<string>().ShouldBe(directory.Path);
        answer["list"]!["bundles"]!.AsArray().Select(bundle => bundle!["bundle"]!.GetValue<string>()).ShouldBe(["a", "deeper/b"], ignoreOrder: true);
        answer["list"]!["errors"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldContain("damaged");
    }

    [Fact]
    public async Task ARollout_IsTheDocumentThatItsFileWouldHold()
    {
        directory.Copy("mixed-1001");
        using var server = await ServeProcess.StartAsync(directory.Path);

        var data = JsonNode.Parse(await Get(server, "data?name=mixed-1001"))!;
        var evidence = await Get(server, "evidence?name=mixed-1001");

        data["format"]!.GetValue<string>().ShouldBe("rollout-trace-view");
        data["requests"]!.AsArray().Count.ShouldBe(JsonNode.Parse(CommandLine.Run("inspect", directory.Place("mixed-1001"), "--json").Out)!["bundles"]![0]!["result"]!["requests"]!.GetValue<int>());
        evidence.ShouldStartWith(string.Concat(File.ReadAllLines(Path.Join(directory.Place("mixed-1001"), "trace.jsonl"))), Case.Sensitive);
    }

    [Theory]
    [InlineData("nobody", "there is no rollout 'nobody'")]
    [InlineData("../outside", "there is no rollout '../outside'")]
    [InlineData("/etc", "there is no rollout '/etc'")]
    [InlineData("damaged", "manifest.json")]
    [InlineData("cut", "trace.jsonl")]
    public async Task WhatCannotBeShown_IsSaidInWords(string name, string words)
    {
        directory.Copy("mixed-1001", "sound");
        directory.Copy("cell-wait", "damaged");
        File.WriteAllText(Path.Join(directory.Place("damaged"), "manifest.json"), "{");
        directory.Copy("cell-wait", "cut");
        File.Delete(Path.Join(directory.Place("cut"), "trace.jsonl"));
        using var server = await ServeProcess.StartAsync(directory.Path);

        using var answer = await http.SendAsync(Request(server, $"data?name={Uri.EscapeDataString(name)}"));

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Conflict);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(words);
    }

    [Fact]
    public async Task Changes_AreToldAsTheyCome_AndTheTagIsThatOfWhatIsThenFetched()
    {
        var bundle = directory.Copy("mixed-1001");
        var log = Path.Join(bundle, "trace.jsonl");
        var lines = File.ReadAllLines(log);
        File.WriteAllLines(log, lines[..20]);
        using var server = await ServeProcess.StartAsync(directory.Path);
        using var changes = await http.SendAsync(Request(server, "changes?name=mixed-1001"), HttpCompletionOption.ResponseHeadersRead);
        changes.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var events = new StreamReader(await changes.Content.ReadAsStreamAsync());

        var first = await NextEvent(events);
        (await TagOf(server)).ShouldBe(first);
        File.WriteAllLines(log, lines);
        var second = await NextEvent(events);

        second.ShouldNotBe(first);
        (await TagOf(server)).ShouldBe(second);
        Directory.Delete(bundle, recursive: true);
        (await NextEvent(events)).ShouldBe("gone");

        async Task<string> TagOf(ServeProcess process)
        {
            using var answer = await http.SendAsync(Request(process, "data?name=mixed-1001"));
            return answer.Headers.ETag!.Tag.Trim('"');
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task ASignal_EndsItAtOnce_AlsoWhileStreamsAreOpen(string signal)
    {
        directory.Copy("mixed-1001");
        using var server = await ServeProcess.StartAsync(directory.Path);
        using var list = await http.SendAsync(Request(server, "changes"), HttpCompletionOption.ResponseHeadersRead);
        using var rollout = await http.SendAsync(Request(server, "changes?name=mixed-1001"), HttpCompletionOption.ResponseHeadersRead);

        var (exitCode, took) = await server.EndAsync(signal);

        exitCode.ShouldBe(ExitCodes.Success);
        took.ShouldBeLessThan(AtOnce);
    }

    [Fact]
    public async Task APort_IsTheOneThatIsAskedFor_OnThisMachineAlone_AndIsSaidIfItIsTaken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        using var refused = ServeProcess.Start("serve", directory.Path, "--port", $"{port}");
        (await refused.StandardError.ReadToEndAsync()).ShouldStartWith($"error: port {port}: cannot be listened on: ");
        await refused.WaitForExitAsync();
        refused.ExitCode.ShouldBe(ExitCodes.Failure);

        listener.Stop();
        using var server = await ServeProcess.StartAsync(directory.Path, "--port", $"{port}");
        server.Address.Port.ShouldBe(port);
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(address => address.Port == port).ShouldAllBe(address => address.Address.Equals(IPAddress.Loopback));
    }

    [Theory]
    [InlineData("--port", "70000", "--port takes a number from 0 to 65535, not '70000'.")]
    [InlineData("--port", "http", "--port takes a number from 0 to 65535, not 'http'.")]
    public void APort_ThatIsNone_IsWrongUsage(string option, string value, string words)
    {
        var run = CommandLine.Run("serve", directory.Path, option, value);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldStartWith(words);
    }

    [Fact]
    public async Task ARoot_ThatIsNotThereYet_IsSaid_UntilItIsThere()
    {
        using var server = await ServeProcess.StartAsync(directory.Place("later"));
        using var changes = await http.SendAsync(Request(server, "changes"), HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await changes.Content.ReadAsStreamAsync());
        var first = await NextEvent(events);

        (await server.NextErrorAsync()).ShouldBe($"there is no directory {directory.Place("later")} yet, where rollouts would be; they are shown as soon as they are there");
        var before = JsonNode.Parse(await Get(server, "list"))!;
        before["missing"]!.GetValue<string>().ShouldBe($"there is no directory {directory.Place("later")} yet, where rollouts would be");
        before["list"]!["total"]!.GetValue<int>().ShouldBe(0);

        Directory.CreateDirectory(directory.Place("later"));
        (await NextEvent(events)).ShouldNotBe(first);
        JsonNode.Parse(await Get(server, "list"))!["missing"].ShouldBeNull();
        directory.Copy("mixed-1001", "later/1");
        JsonNode.Parse(await Get(server, "list"))!["list"]!["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task ItWritesNothing()
    {
        directory.Copy("mixed-1001");
        using var server = await ServeProcess.StartAsync(directory.Path);
        var before = Files();

        await Get(server, "list");
        await Get(server, "data?name=mixed-1001");
        await Get(server, "evidence?name=mixed-1001");

        Files().ShouldBe(before);

        List<string> Files() => [.. new DirectoryInfo(directory.Path).GetFiles("*", SearchOption.AllDirectories).Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}").Order(StringComparer.Ordinal)];
    }

    private static HttpRequestMessage Request(ServeProcess server, string place) => new(HttpMethod.Get, new Uri(server.Address, place)) { Headers = { { "Sec-Fetch-Site", "same-origin" } } };

    private static async Task<string> NextEvent(StreamReader events)
    {
        while (await events.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line["data: ".Length..];
            }
        }

        throw new EndOfStreamException("no more events");
    }

    private async Task<string> Get(ServeProcess server, string place)
    {
        using var answer = await http.SendAsync(Request(server, place));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }
}
