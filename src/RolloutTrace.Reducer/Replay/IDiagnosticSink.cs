namespace RolloutTrace.Reducer.Replay;

/// <summary>Where reductions say that they took something for better than it is.</summary>
internal interface IDiagnosticSink
{
    /// <summary>Whether to make do with defects. If not, reductions fault instead of noting.</summary>
    bool IsTolerant { get; }

    /// <summary>Notes a defect of the event at hand; forgotten if the event is left out.</summary>
    void Note(DiagnosticSeverity severity, string code, string message);
}
