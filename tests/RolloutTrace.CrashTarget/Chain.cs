using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>An agent that starts another as a process of its own, which starts another. Each has a directory for its bundles, and all use the same ids.</summary>
internal static class Chain
{
    private static readonly JsonPayload Ask = JsonPayload.OfJson("""{"model":"gpt-5","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Go."}]}]}""");

    /// <param name="root">Where the first one's bundles go; the others' go below.</param>
    /// <param name="below">How many agents are below this one.</param>
    /// <param name="end">The last one: <c>killed</c> for one that is killed, else it answers.</param>
    public static int Run(string root, int below, string end)
    {
        using var provider = Recorder.Start(Path.Join(root, below.ToString(CultureInfo.InvariantCulture)));
        using var session = RolloutTracing.StartSession(new() { Nickname = $"Agent {below}", Model = "gpt-5" });
        using var turn = session.StartTurn();
        var answer = below == 0 ? "It is done." : Call(root, turn, below, end);
        if (answer is null)
        {
            turn.Fail("killed");
            session.Fail("killed");
            return 0;
        }

        using (var request = turn.StartModelRequest("gpt-5", Ask))
        {
            request.Complete("resp_2", new TokenUsage(1, 1), JsonPayload.OfJson($$"""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{answer}}"}]}]"""));
        }

        if (below == 0 && end == "killed")
        {
            provider.ForceFlush();
            Console.Out.Flush();
            Process.GetCurrentProcess().Kill();
        }

        turn.Complete();
        session.Complete();
        Console.Write(answer);
        return 0;
    }

    private static string? Call(string root, Turn turn, int below, string end)
    {
        using var request = turn.StartModelRequest("gpt-5", Ask);
        request.Complete("resp_1", new TokenUsage(1, 1), JsonPayload.OfJson("""[{"type":"function_call","call_id":"call_1","name":"exec_command","arguments":"{}"}]"""));
        using var tool = turn.StartToolCall(new() { Name = "exec_command", CallId = "call_1", Arguments = JsonPayload.OfJson("{}"), CausedBy = request });
        string[] command = ["dotnet", "exec", typeof(Chain).Assembly.Location, "chain", root, (below - 1).ToString(CultureInfo.InvariantCulture), end];
        using var runtime = tool.StartCommand(command, Environment.CurrentDirectory);
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true };
        runtime.PassTo(start);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        runtime.Exit(process.ExitCode, new() { Stdout = output });
        tool.Complete(JsonPayload.OfJson($$"""{"type":"function_call_output","call_id":"call_1","output":"{{output}}"}"""));
        return process.ExitCode == 0 ? output : null;
    }
}
