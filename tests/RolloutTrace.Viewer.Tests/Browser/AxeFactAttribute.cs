namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>A test with axe-core in a browser; skipped, and said so, where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AxeFactAttribute : FactAttribute
{
    public AxeFactAttribute() => Skip = new BrowserFactAttribute().Skip ?? (Axe is null ? "AXE_CORE names no axe.min.js" : null);

    /// <summary>The file of axe-core; null if there is none.</summary>
    public static string? Axe { get; } = Environment.GetEnvironmentVariable("AXE_CORE") is { Length: > 0 } file && File.Exists(file) ? file : null;
}
