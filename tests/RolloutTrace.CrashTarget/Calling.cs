using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>An agent that knows nothing of this library and has spans by the conventions. Its model has asked for a call, which does not end.</summary>
internal static class Calling
{
    private const string Asked = """[{"role":"user","parts":[{"type":"text","content":"Build it."}]}]""";
    private const string Answered = """[{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"build","arguments":{"target":"all"}}],"finish_reason":"tool_call"}]""";

    public static int UntilKilled(string root)
    {
        using var provider = Sdk.CreateTracerProviderBuilder().AddRolloutTracing(options => options.BundleRoot = root).Build();
        using var source = new ActivitySource("Experimental.Microsoft.Extensions.AI");
        using var agent = Start(source, "invoke_agent helper", ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "helper"));
        Start(
            source,
            "chat gpt-5",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "gpt-5"),
            ("gen_ai.provider.name", "openai"),
            ("gen_ai.input.messages", Asked),
            ("gen_ai.output.messages", Answered)).Dispose();
        using var call = Start(
            source,
            "execute_tool build",
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "build"),
            ("gen_ai.tool.call.id", "call-1"),
            ("gen_ai.tool.call.arguments", """{"target":"all"}"""));
        Console.WriteLine("calling");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static Activity Start(ActivitySource source, string name, params ReadOnlySpan<(string Name, string Value)> tags)
    {
        var activity = source.StartActivity(name) ?? throw new InvalidOperationException($"nobody listens to {source.Name}");
        foreach (var (tag, value) in tags)
        {
            activity.SetTag(tag, value);
        }

        return activity;
    }
}
