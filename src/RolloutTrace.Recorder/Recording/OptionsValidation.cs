using Microsoft.Extensions.Options;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Finds options that are out of range, before anything is built from them.</summary>
internal sealed class OptionsValidation : IValidateOptions<RolloutTracingOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, RolloutTracingOptions options)
    {
        var failures = new ValidateOptionsResultBuilder();
        if (options.BundleRoot is { } root && (string.IsNullOrWhiteSpace(root) || root.Contains('\0')))
        {
            failures.AddError("must be a path, or null", nameof(options.BundleRoot));
        }

        Range(options.QueueLimitBytes, 1 << 20, long.MaxValue, nameof(options.QueueLimitBytes));
        Range(options.MaxCallerWait, TimeSpan.Zero, Day, nameof(options.MaxCallerWait));
        Range(options.DrainTimeout, TimeSpan.Zero, Day, nameof(options.DrainTimeout));
        if (options.ExitTimeout != Timeout.InfiniteTimeSpan)
        {
            Range(options.ExitTimeout, TimeSpan.Zero, Day, nameof(options.ExitTimeout));
        }

        Range(options.MaxPayloadBytes, 1 << 10, 1 << 30, nameof(options.MaxPayloadBytes));
        Range(options.GenAISpans.IdleTime, TimeSpan.FromSeconds(1), Day, $"{nameof(options.GenAISpans)}.{nameof(GenAISpanOptions.IdleTime)}");
        Range(options.GenAISpans.MaxThreads, 1, 1_000_000, $"{nameof(options.GenAISpans)}.{nameof(GenAISpanOptions.MaxThreads)}");
        Range(options.GenAISpans.ThreadMemory, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365), $"{nameof(options.GenAISpans)}.{nameof(GenAISpanOptions.ThreadMemory)}");
        Range(options.MaxOpenFiles, 1, 100_000, nameof(options.MaxOpenFiles));
        if (options.Storage is null)
        {
            failures.AddError("must not be null", nameof(options.Storage));
        }

        if (options.KeepAtMost.Bytes is { } bytes)
        {
            Range(bytes, 1 << 20, long.MaxValue, $"{nameof(options.KeepAtMost)}.{nameof(BundleRetention.Bytes)}");
        }

        if (options.KeepAtMost.Age is { } age)
        {
            Range(age, TimeSpan.FromMinutes(1), TimeSpan.MaxValue, $"{nameof(options.KeepAtMost)}.{nameof(BundleRetention.Age)}");
        }

        if (!Enum.IsDefined(options.Destination))
        {
            failures.AddError($"is {options.Destination}; it must be one of {string.Join(", ", Enum.GetNames<RecordDestination>())}", nameof(options.Destination));
        }
        else if (options.Destination != RecordDestination.Disk && options.LogExporterFactory is null)
        {
            failures.AddError($"is {options.Destination}, which needs {nameof(options.LogExporterFactory)}, such as _ => new OtlpLogExporter(new OtlpExporterOptions())", nameof(options.Destination));
        }

        if (options.TimeProvider is null)
        {
            failures.AddError("must not be null", nameof(options.TimeProvider));
        }

        return failures.Build();

        void Range<T>(T value, T least, T most, string property)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                failures.AddError($"is {value}; it must be from {least} to {most}", property);
            }
        }
    }
}
