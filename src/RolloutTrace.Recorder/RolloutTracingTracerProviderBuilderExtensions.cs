using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RolloutTrace;
using RolloutTrace.Recorder;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Recording;
using RolloutTrace.Recorder.Sending;

namespace OpenTelemetry.Trace;

/// <summary>Adds the recording of rollouts to a tracing pipeline.</summary>
public static class RolloutTracingTracerProviderBuilderExtensions
{
    /// <summary>
    /// Traces rollouts: adds their spans to the pipeline, and records each rollout that starts into a bundle of its own, below the
    /// directory in <c>ROLLOUT_TRACE_ROOT</c>, else <c>rollout-traces</c> below the current directory.
    /// </summary>
    /// <remarks>
    /// Bundles hold prompts, outputs and tool results, whatever the sampler decides. <c>ROLLOUT_TRACE_DISABLED=true</c> switches
    /// recording off and leaves the spans. When the provider is built, the variables TRACEPARENT, TRACESTATE and BAGGAGE are read, by which
    /// whoever started this process says that it calls, and taken out of the environment.
    /// </remarks>
    public static TracerProviderBuilder AddRolloutTracing(this TracerProviderBuilder builder) =>
        AddRolloutTracing(builder, name: null, configure: null);

    /// <summary>Traces rollouts, with options.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets options. They are checked when the provider is built.</param>
    public static TracerProviderBuilder AddRolloutTracing(this TracerProviderBuilder builder, Action<RolloutTracingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return AddRolloutTracing(builder, name: null, configure);
    }

    /// <summary>Traces rollouts, with named options.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="name">Name of the options, and of the recorder in its metrics; null for the default name.</param>
    /// <param name="configure">Sets options; may be null. They are checked when the provider is built.</param>
    /// <remarks>Added again under the same name it sets further options, and records once. Under another name it records for itself.</remarks>
    /// <exception cref="OptionsValidationException">While the provider is built: an option is out of range.</exception>
    public static TracerProviderBuilder AddRolloutTracing(this TracerProviderBuilder builder, string? name, Action<RolloutTracingOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;
        builder.ConfigureServices(services =>
        {
            services.AddOptions();
            services.TryAddSingleton<AddedRecorders>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RolloutTracingOptions>, OptionsValidation>());
            if (configure is not null)
            {
                services.Configure(name, configure);
            }
        });

        builder.AddSource(RolloutActivitySource.Name);
        return builder is IDeferredTracerProviderBuilder deferred
            ? deferred.Configure((services, provider) => AddProcessor(provider, services, name))
            : throw new NotSupportedException("the builder gives no access to services");
    }

    private static void AddProcessor(TracerProviderBuilder provider, IServiceProvider services, string name)
    {
        if (!services.GetRequiredService<AddedRecorders>().Add(provider, name))
        {
            return;
        }

        RolloutTracing.ReadProcessCaller();
        var options = services.GetRequiredService<IOptionsMonitor<RolloutTracingOptions>>().Get(name);
        var configuration = services.GetService<IConfiguration>();
        if (string.Equals(configuration?[RolloutTracingOptions.DisabledVariable], "true", StringComparison.OrdinalIgnoreCase))
        {
            RecorderEventSource.Log.RecordingDisabled(RolloutTracingOptions.DisabledVariable);
            return;
        }

        if (RootOf(options, configuration) is not { } root)
        {
            return;
        }

        var exporter = Exporter(options, services, root);
        var reports = new RecorderReports(services.GetService<ILoggerFactory>()?.CreateLogger("RolloutTrace"));
        provider.AddProcessor(new RolloutProcessor(new RolloutRecorder(name, root, options, exporter), options, reports));
    }

    private static BaseExporter<RolloutRecord> Exporter(RolloutTracingOptions options, IServiceProvider services, string root)
    {
        if (options.Destination == RecordDestination.Otlp)
        {
            return new OtlpBundleExporter(Sender(), options);
        }

        var disk = options.ExporterFactory?.Invoke(services) ?? new BundleExporter(root, options);
        return options.Destination == RecordDestination.Disk ? disk : new DiskAndOtlpExporter(disk, Sender(), options);

        // Made here, so that what is wrong with it is told at the start.
        RecordSender Sender() => new(options.LogExporterFactory!(services), options.TimeProvider);
    }

    private static string? RootOf(RolloutTracingOptions options, IConfiguration? configuration)
    {
        var root = options.BundleRoot ?? configuration?[RolloutTracingOptions.RootVariable];
        try
        {
            return Path.GetFullPath(string.IsNullOrWhiteSpace(root) ? RolloutTracingOptions.DefaultRoot : root);
        }
        catch (IOException)
        {
            // The path is relative, and the current directory has been deleted.
            RecorderEventSource.Log.RecordingDisabled("a missing current directory");
            return null;
        }
    }
}
