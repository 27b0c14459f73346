using System.Diagnostics;

namespace QuickStart;

/// <summary>A real child process that waits for a name on its standard input and greets it.</summary>
internal sealed class Greeter : IDisposable
{
    private readonly Process process;

    private Greeter(Process process) => this.process = process;

    public static string[] Command { get; } = OperatingSystem.IsWindows()
        ? ["cmd", "/v:on", "/c", "set /p name=& echo Hello, !name!"]
        : ["sh", "-c", "read name; echo Hello, $name"];

    public int ProcessId => process.Id;

    public static Greeter Start()
    {
        var start = new ProcessStartInfo(Command[0], Command[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        return new Greeter(Process.Start(start) ?? throw new InvalidOperationException($"{Command[0]} did not start"));
    }

    public (string Output, int ExitCode) Greet(string name)
    {
        process.StandardInput.WriteLine(name);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd().TrimEnd();
        process.WaitForExit();
        return (output, process.ExitCode);
    }

    public void Dispose() => process.Dispose();
}
