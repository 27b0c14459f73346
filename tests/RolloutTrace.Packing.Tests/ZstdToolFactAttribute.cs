namespace RolloutTrace.Packing.Tests;

/// <summary>A test with the tools tar and zstd of the machine: skipped, with the reason, where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ZstdToolFactAttribute : FactAttribute
{
    public ZstdToolFactAttribute() => Skip = ZstdTools.WhyNot.Value;
}
