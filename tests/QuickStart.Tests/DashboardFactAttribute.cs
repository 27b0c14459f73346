namespace QuickStart.Tests;

/// <summary>A test that needs Aspire's dashboard: skipped, with the reason, where its package cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DashboardFactAttribute : FactAttribute
{
    public DashboardFactAttribute() => Skip = Dashboard.WhyNot.Value;
}
