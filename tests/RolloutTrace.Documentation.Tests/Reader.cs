using System.IO.Compression;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Documentation.Tests;

/// <summary>
/// Who reads README and types what it shows: with <c>rollout-trace</c> installed, session logs of two coding agents in a home of their own, files with
/// spans, and a browser that only notes what it is asked to open.
/// </summary>
internal sealed class Reader : IDisposable
{
    private readonly DirectoryInfo directory = MemoryDirectory.CreateSubdirectory("rollout-trace-reader-");

    public Reader()
    {
        Programs = directory.CreateSubdirectory("bin").FullName;
        Install("rollout-trace", $"exec dotnet exec '{Path.Join(AppContext.BaseDirectory, "rollout-trace.dll")}' \"$@\"");
        var (configuration, framework) = (Path.GetFileName(Path.GetDirectoryName(Built)!), Path.GetFileName(Built));
        Install("rollout-trace-query", $"exec dotnet exec '{Path.Join(Markdown.Root, "src", "RolloutTrace.Query", "bin", configuration, framework, "rollout-trace-query.dll")}' \"$@\"");
        Install("xdg-open", $"echo \"$1\" >> '{OpenedPages}'");
        var logs = Path.Join(Markdown.Root, "tests", "RolloutTrace.Import.Tests", "SessionLogs");
        Copy(Path.Join(logs, "codex-tools", "input"), Path.Join(directory.FullName, ".codex"));
        Copy(Path.Join(logs, "claude-tools", "input"), Path.Join(directory.FullName, ".claude", "projects"));
    }

    /// <summary>Where commands of the command line are typed.</summary>
    public string Directory => directory.FullName;

    /// <summary>Which pages the browser was asked to open, a line each.</summary>
    public string OpenedPages => Path.Join(directory.FullName, "opened");

    private static string Built => Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    private string Programs { get; }

    /// <summary>Runs a command as it stands; those that name a project are typed in the repository.</summary>
    public Task<ShellResult> RunAsync(string command)
    {
        var isOfRepository = command.Contains("--project ", StringComparison.Ordinal);
        return ShellCommand.RunAsync(
            command.Replace("dotnet run --project", "dotnet run --no-build --project", StringComparison.Ordinal),
            isOfRepository ? Markdown.Root : Directory,
            ("HOME", Directory),
            ("DOTNET_CLI_HOME", Environment.GetEnvironmentVariable("DOTNET_CLI_HOME") ?? Environment.GetEnvironmentVariable("HOME")),
            ("NUGET_PACKAGES", Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Join(Environment.GetEnvironmentVariable("HOME"), ".nuget", "packages")),
            ("PATH", $"{Programs}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}"),
            ("CODEX_HOME", null),
            ("CLAUDE_CONFIG_DIR", null),
            ("OPENAI_API_KEY", null),
            ("ROLLOUT_TRACE_ROOT", isOfRepository ? Path.Join(Directory, "rollout-traces") : null));
    }

    /// <summary>Writes the newest rollout's spans into files, as an SDK and a collector would: OTLP as JSON, and as protobuf, compressed.</summary>
    public async Task WriteSpansAsync()
    {
        (await RunAsync("rollout-trace export otlp-json last -o traces.jsonl --content")).ExitCode.ShouldBe(0);
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);
        (await RunAsync($"rollout-trace export otlp last --content --endpoint {receiver.Address}")).ExitCode.ShouldBe(0);
        await using var file = File.Create(Path.Join(Directory, "more-traces.pb.gz"));
        await using var compressed = new GZipStream(file, CompressionLevel.Fastest);
        await compressed.WriteAsync(receiver.Requests.ShouldHaveSingleItem().Message);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private void Install(string name, string script)
    {
        var path = Path.Join(Programs, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Join(to, Path.GetRelativePath(from, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
