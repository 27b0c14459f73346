using System.Diagnostics;

namespace RolloutTrace.TestSupport;

/// <summary>A run of <c>s3rver</c>, a server of S3 from npm, on loopback, with one bucket and its data in a directory of its own.</summary>
public sealed class S3Rver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-s3rver-");
    private readonly Process process;

    private S3Rver() => process = Process.Start(new ProcessStartInfo(Program!, ["-d", directory.FullName, "-a", "127.0.0.1", "-p", "0", "--configure-bucket", S3Server.Bucket])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>The program: what ROLLOUT_TRACE_S3RVER names, or what is on the path; null where there is none.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("ROLLOUT_TRACE_S3RVER") is { Length: > 0 } named ? [named] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(static at => Path.Join(at, "s3rver")))
        .FirstOrDefault(File.Exists);

    /// <summary>Its address.</summary>
    public string Address { get; private set; } = "";

    public static async Task<S3Rver> StartAsync()
    {
        var server = new S3Rver();
        var listens = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.process.OutputDataReceived += (_, line) =>
        {
            // Before it listens it says words of its own.
            if (line.Data?.LastIndexOf("127.0.0.1:", StringComparison.Ordinal) is >= 0 and var at)
            {
                listens.TrySetResult($"http://{line.Data[at..].Trim()}");
            }
        };
        server.process.BeginErrorReadLine();
        server.process.BeginOutputReadLine();
        try
        {
            server.Address = await listens.Task.WaitAsync(Patience);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit(Patience);
        process.Dispose();
        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
