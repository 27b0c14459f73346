using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using RolloutTrace.Fleet;

namespace RolloutTrace.Cli;

/// <summary>Sends a worker's metrics by OTLP, where the usual variables say where to.</summary>
internal static class WorkMetricsExport
{
    private const string ServiceName = "rollout-trace-worker";

    /// <summary>Starts; disposing sends what is left. Null if no variable names a receiver.</summary>
    public static IDisposable? Start(Func<string, string?> environment) =>
        string.IsNullOrEmpty(environment("OTEL_EXPORTER_OTLP_ENDPOINT")) && string.IsNullOrEmpty(environment("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) ? null : Started(environment);

    // Apart, so that nothing of it is loaded for those who send nothing.
    private static MeterProvider Started(Func<string, string?> environment) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource =>
        {
            if (string.IsNullOrEmpty(environment("OTEL_SERVICE_NAME")))
            {
                resource.AddService(ServiceName);
            }
        })
        .AddMeter(WorkMetrics.MeterName)
        .AddOtlpExporter()
        .Build();
}
