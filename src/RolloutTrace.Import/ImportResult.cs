namespace RolloutTrace.Import;

/// <summary>What came of an import.</summary>
public sealed record ImportResult
{
    /// <summary>What was written, by time of start and then by id.</summary>
    public required IReadOnlyList<ImportedRollout> Rollouts { get; init; }

    /// <summary>What is wrong with the input, or was not understood in it, by file and line.</summary>
    public required IReadOnlyList<ImportDiagnostic> Diagnostics { get; init; }

    /// <summary>Whether every file gave something, and no line was unreadable.</summary>
    public bool IsSound => Diagnostics.All(static diagnostic => diagnostic.Severity != ImportSeverity.Error);
}
