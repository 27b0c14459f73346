namespace RolloutTrace.Cli;

/// <summary>OTLP's settings in environment variables: that for traces counts for more than that for all signals, and an empty one is none.</summary>
/// <param name="variables">Gives the value of an environment variable, null if there is none.</param>
internal sealed class OtlpEnvironment(Func<string, string?> variables)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string TracesPrefix = Prefix + "TRACES_";

    /// <summary>A setting, such as <c>TIMEOUT</c>; null if it is not set.</summary>
    public OtlpSetting? Find(string name) => Read(TracesPrefix + name, isForTraces: true) ?? Read(Prefix + name, isForTraces: false);

    private OtlpSetting? Read(string variable, bool isForTraces) =>
        variables(variable)?.Trim() is { Length: > 0 } value ? new OtlpSetting(variable, value, isForTraces) : null;
}

/// <summary>One setting, with the variable that it stands in.</summary>
internal sealed record OtlpSetting(string Variable, string Value, bool IsForTraces);
