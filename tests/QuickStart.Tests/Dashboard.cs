using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace QuickStart.Tests;

/// <summary>Aspire's dashboard as samples/Dashboard runs it, on ports that are free.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;

    private Dashboard(Process process, IReadOnlyDictionary<string, string> addresses)
    {
        this.process = process;
        Page = addresses["Dashboard"];
        Grpc = addresses["OTLP/gRPC"];
        Http = addresses["OTLP/HTTP"];
    }

    /// <summary>Why there is none; null if there is one.</summary>
    public static Lazy<string?> WhyNot { get; } = new(static () => Run(["restore", Project]) is { ExitCode: not 0 } failed ? $"the dashboard's package cannot be had: {failed.Output.Trim()}" : null);

    public string Page { get; }

    public string Grpc { get; }

    public string Http { get; }

    private static string Project => Path.Join(Path.GetDirectoryName(Here()), "../../samples/Dashboard");

    public static async Task<Dashboard> StartAsync()
    {
        var (exitCode, output) = Run(["build", Project, "--no-restore", "-v", "quiet"]);
        exitCode.ShouldBe(0, output);
        var start = Start(["run", "--project", Project, "--no-build"]);
        foreach (var variable in (ReadOnlySpan<string>)["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"])
        {
            start.Environment[variable] = "http://127.0.0.1:0";
        }

        var process = Process.Start(start)!;
        var addresses = new Dictionary<string, string>();
        var said = "";
        using var patience = new CancellationTokenSource(Patience);
        while (addresses.Count < 3)
        {
            var line = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"the dashboard ended: {said}");
            said += line + "\n";
            if (line.Trim() is ['-', ' ', .. var named] && named.Split(": ", 2) is [var name, var address])
            {
                addresses[name] = address.Trim();
            }
        }

        // What it says from now on is nobody's business, but it must not have to wait for a reader.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return new Dashboard(process, addresses);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static (int ExitCode, string Output) Run(string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    private static ProcessStartInfo Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };

        // What the build that runs this test has set is not meant for another.
        foreach (var variable in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
        }

        return start;
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
