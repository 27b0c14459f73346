using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using QuickStart;
using RolloutTrace.Recorder;
using RolloutTrace.Reducer;
using RolloutTrace.Samples;

string? bundleName;

// The pipeline that a program has anyway. One line is new: AddRolloutTracing.
using (Sdk.CreateTracerProviderBuilder()
    .ConfigureResource(resource => resource.AddService("quick-start"))
    .AddRolloutTracing()
    .AddOtlpExporter()
    .Build())
{
    bundleName = ScriptedAgent.Run(Console.Out);
}

Console.WriteLine();
if (bundleName is null)
{
    Console.WriteLine($"Nothing was recorded: {RolloutTracingOptions.DisabledVariable} is set.");
    return;
}

var root = Environment.GetEnvironmentVariable(RolloutTracingOptions.RootVariable);
var bundle = Path.GetFullPath(Path.Join(string.IsNullOrWhiteSpace(root) ? RolloutTracingOptions.DefaultRoot : root, bundleName));
Console.WriteLine($"The rollout is recorded in {bundle}");
Console.WriteLine();

var graph = RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }).Graph;
Summary.Print(graph, Console.Out);
Console.WriteLine();

var afterCompaction = graph.InferenceCalls.Values.Last(call => call.ThreadId == graph.RootThreadId && call.ResponseId is not null);
foreach (var line in WhatToAsk.Lines(
    bundle,
    ("What happened, and when?", ["inspect", null]),
    ("What did the model see after the compaction?", ["transcript", null, "--at", afterCompaction.InferenceCallId]),
    ("Why was the documentation searched, and what came of it?", ["explain", null, graph.ToolCalls.Values.Single(tool => tool.Requester is RequestedByCodeCell).ToolCallId]),
    ("What went wrong?", ["anomalies", null]),
    ("All of it as a page for the browser.", ["view", null, "-o", "rollout.html"]),
    ("The whole state as JSON, beside the bundle's files.", ["reduce", null])))
{
    Console.WriteLine(line);
}
