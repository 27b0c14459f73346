using System.Diagnostics;

namespace RolloutTrace;

/// <summary>The one source of all rollout spans: what a tracer provider adds to see them.</summary>
public static class RolloutActivitySource
{
    /// <summary>Name of the source.</summary>
    public const string Name = "RolloutTrace";

    /// <summary>Schema URL of the GenAI semantic conventions that the attribute names follow.</summary>
    public const string SchemaUrl = "https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev";

    /// <summary>Version of the source: the assembly's.</summary>
    public static string Version { get; } = typeof(RolloutActivitySource).Assembly.GetName().Version!.ToString(3);

    internal static ActivitySource Source { get; } = new(new ActivitySourceOptions(Name) { Version = Version, TelemetrySchemaUrl = SchemaUrl });
}
