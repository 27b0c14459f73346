using CodingAgent;
using CodingAgent.Agents;
using CodingAgent.Helpers;
using CodingAgent.Model;
using CodingAgent.Narration;
using CodingAgent.ScriptedModel;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder;

const int WrongUsage = 64;

if (args is [HelperCommand.Option, var asked])
{
    using var helpers = Traced().Build();
    return await HelperProgram.RunAsync(asked);
}

var helper = args is ["--helper", HelperCommand.ByProcess or HelperCommand.ByMcp, ..] ? args[1] : null;
if (args is ["--helper", ..] && helper is null)
{
    Console.Error.WriteLine($"--helper takes '{HelperCommand.ByProcess}' or '{HelperCommand.ByMcp}': how a helper in a process of its own is asked.");
    return WrongUsage;
}

var interruption = new Interruption();
Console.CancelKeyPress += (_, press) =>
{
    // Pressed once more, it does what it does anywhere.
    press.Cancel = !interruption.End.IsCancellationRequested;
    interruption.Interrupt();
};
var isPlain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
var narrator = new Narrator(Console.Out, colours: !isPlain);
var endpoint = ModelEndpoint.FromEnvironment(Environment.GetEnvironmentVariable);
var firstTask = string.Join(' ', helper is null ? args : args[2..]);
if (endpoint is not null && firstTask.Length == 0 && Console.IsInputRedirected)
{
    Console.Error.WriteLine("Give the task as an argument.");
    return WrongUsage;
}

string? bundleName;
using (Traced().Build())
{
    bundleName = endpoint is null ? await RunFixedTaskAsync() : await RunAsync(endpoint);
}

if (bundleName is null && interruption.End.IsCancellationRequested)
{
    return 0;
}

if (bundleName is null)
{
    narrator.Line($"Nothing was recorded: {RolloutTracingOptions.DisabledVariable} is set.");
    return 0;
}

var root = Environment.GetEnvironmentVariable(RolloutTracingOptions.RootVariable);
var bundle = Path.GetFullPath(Path.Join(string.IsNullOrWhiteSpace(root) ? RolloutTracingOptions.DefaultRoot : root, bundleName));
if (!BundleReader.IsBundle(bundle))
{
    narrator.Line($"The rollout could not be recorded in {bundle}");
    return 0;
}

Epilogue.Write(bundle, narrator, helper is not null);
return 0;

async Task<string?> RunFixedTaskAsync()
{
    await using var task = await FixedTask.CreateAsync();
    narrator.Line($"The model is a script behind {task.Server.Address}. With OPENAI_API_KEY it would be a real one.");
    narrator.Line($"The workspace is {task.Workspace}.");
    narrator.Line();
    return await task.RunAsync(narrator, interruption, WithHelper(task.Settings));
}

TracerProviderBuilder Traced() => Sdk.CreateTracerProviderBuilder()
    .ConfigureResource(static resource => resource.AddService("coding-agent"))
    .AddRolloutTracing()
    .AddOtlpExporter();

AgentSettings WithHelper(AgentSettings settings) =>
    helper is null ? settings : settings with { Helper = new HelperCommand(helper, settings.Endpoint, settings.Workspace) };

async Task<string?> RunAsync(ModelEndpoint endpoint)
{
    narrator.Line($"The model is {endpoint.Model} at {endpoint.Address}.");
    narrator.Line($"The workspace is {Environment.CurrentDirectory}; commands run in it without asking. Ctrl+C interrupts, and again ends.");
    narrator.Line();
    var first = firstTask.Length > 0 ? firstTask : await ConsoleUser.NextAsync(interruption.End) ?? "";
    var settings = new AgentSettings
    {
        Endpoint = endpoint,
        Workspace = Environment.CurrentDirectory,
        McpServer = Environment.GetEnvironmentVariable("MCP_SERVER_URL") is { Length: > 0 } url ? new Uri(url) : null,
    };
    return await AgentRun.RunAsync(WithHelper(settings), ConsoleUser.TasksAsync(first), narrator, interruption);
}
