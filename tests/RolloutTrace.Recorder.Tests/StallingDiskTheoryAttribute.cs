namespace RolloutTrace.Recorder.Tests;

/// <summary>A test that needs a disk whose pace can be set, and is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StallingDiskTheoryAttribute : TheoryAttribute
{
    public StallingDiskTheoryAttribute() => Skip = StallingDisk.WhyNot;
}
