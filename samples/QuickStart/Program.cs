using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using QuickStart;
using RolloutTrace.Recorder;
using RolloutTrace.Reducer;

string? bundleName;

// The pipeline that a program has anyway. One line is new: AddRolloutTracing.
using (Sdk.CreateTracerProviderBuilder()
    .ConfigureResource(resource => resource.AddService("quick-start"))
    .AddRolloutTracing()
    .AddOtlpExporter()
    .Build())
{
    bundleName = ScriptedAgent.Run();
}

if (bundleName is null)
{
    Console.WriteLine($"Nothing was recorded: {RolloutTracingOptions.DisabledVariable} is set.");
    return;
}

var root = Environment.GetEnvironmentVariable(RolloutTracingOptions.RootVariable);
var bundle = Path.GetFullPath(Path.Join(string.IsNullOrWhiteSpace(root) ? RolloutTracingOptions.DefaultRoot : root, bundleName));
Console.WriteLine($"The rollout is recorded in {bundle}");
Console.WriteLine();

var reduction = RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true });
Summary.Print(reduction.Graph, Console.Out);
Console.WriteLine();
Console.WriteLine($"The whole state: rollout-trace reduce {bundle}");
