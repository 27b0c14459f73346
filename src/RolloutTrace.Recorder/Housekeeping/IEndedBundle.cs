namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>A bundle whose rollout has ended.</summary>
internal interface IEndedBundle
{
    /// <summary>Its directory.</summary>
    string Directory { get; }

    /// <summary>Its name, for reports.</summary>
    string Name { get; }

    /// <summary>Has nothing be written to it any more. False if something is being written; then it is put again.</summary>
    bool TrySeal();
}
