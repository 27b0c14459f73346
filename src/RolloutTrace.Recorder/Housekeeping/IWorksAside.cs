namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>An exporter that works on bundles that have ended, beside what it exports.</summary>
internal interface IWorksAside
{
    /// <summary>The recorder ends: what still waits for the exporter comes first. The exporter goes on with its own when it is shut down.</summary>
    void Yield();
}
