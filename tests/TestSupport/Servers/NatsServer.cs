using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.TestSupport;

/// <summary>A NATS server with JetStream on loopback, its data in a directory of its own; or one of several that are one cluster.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-nats-");
    private readonly string[] options;
    private Process? process;

    private NatsServer(string[] options) => this.options = options;

    /// <summary>The program; null where it is not installed.</summary>
    public static string? Program { get; } = new[] { "/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server" }.FirstOrDefault(File.Exists);

    /// <summary>Its address for clients.</summary>
    public string Url { get; private set; } = "";

    private string? Routes { get; set; }

    /// <summary>Starts one, on a port that is free.</summary>
    /// <param name="options">More of its command line.</param>
    public static async Task<NatsServer> StartAsync(params string[] options)
    {
        var server = new NatsServer(options);
        await server.StartAsync(port: -1);
        return server;
    }

    /// <summary>Starts three that are one cluster. JetStream has a leader when this returns only if a client says so.</summary>
    public static async Task<IReadOnlyList<NatsServer>> StartClusterAsync()
    {
        var servers = new List<NatsServer>();
        for (var i = 0; i < 3; i++)
        {
            // Each knows the first, and learns of the others from it; that one must know somebody, too.
            string[] routes = ["--routes", i == 0 ? "nats://127.0.0.1:1" : servers[0].Routes!];
            var server = new NatsServer(["--cluster_name", "tests", "--cluster", "nats://127.0.0.1:-1", "--name", $"n{i}", .. routes]);
            servers.Add(server);
            await server.StartAsync(port: -1);
        }

        return servers;
    }

    /// <summary>Kills it; its data stay.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit(Patience);
        process.Dispose();
        process = null;
    }

    /// <summary>Starts it again after it was killed, on the ports that it had.</summary>
    public Task StartAgainAsync() => StartAsync(new Uri(Url).Port);

    public ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            Kill();
        }

        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task StartAsync(int port)
    {
        var ports = Directory.CreateDirectory(Path.Join(directory.FullName, $"ports-{Guid.NewGuid():N}"));
        string[] again = Routes is null ? options : [.. options.Select(option => option == "nats://127.0.0.1:-1" ? Routes : option)];
        process = Process.Start(new ProcessStartInfo(Program!, ["-a", "127.0.0.1", "-p", $"{port}", "-js", "-sd", Path.Join(directory.FullName, "data"), "--ports_file_dir", ports.FullName, "-l", Path.Join(directory.FullName, "log"), .. again])
        {
            UseShellExecute = false,
        })!;
        var until = Stopwatch.StartNew();
        while (true)
        {
            if (ports.EnumerateFiles("*.ports").FirstOrDefault() is { } file && TryRead(file.FullName) is { Nats: [var url, ..] } found)
            {
                Url = url;
                Routes ??= found.Cluster?.FirstOrDefault();
                return;
            }

            if (until.Elapsed > Patience || process.HasExited)
            {
                throw new InvalidOperationException($"nats-server says no port: {await File.ReadAllTextAsync(Path.Join(directory.FullName, "log"))}");
            }

            await Task.Delay(20);
        }
    }

    // It may be there and not be written.
    private static PortsFile? TryRead(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<PortsFile>(File.ReadAllText(file));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record PortsFile([property: JsonPropertyName("nats")] string[]? Nats, [property: JsonPropertyName("cluster")] string[]? Cluster);
}
