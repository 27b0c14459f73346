namespace RolloutTrace.Recorder;

/// <summary>The recorder's own metrics. Their names, units and meanings are in the recorder's README.</summary>
public static class RolloutTracingMeter
{
    /// <summary>Name of the meter: what a meter provider adds to see them.</summary>
    public const string Name = "RolloutTrace";
}
