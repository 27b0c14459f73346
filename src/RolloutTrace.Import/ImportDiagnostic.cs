namespace RolloutTrace.Import;

/// <summary>What is wrong with an input, or was not understood in it. One stands for all of its kind in a file.</summary>
public sealed record ImportDiagnostic
{
    /// <summary>How much it costs.</summary>
    public required ImportSeverity Severity { get; init; }

    /// <summary>What kind of thing it is; one of <see cref="ImportCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The file, as it was given or found below what was given.</summary>
    public required string File { get; init; }

    /// <summary>The first line that it is about, from 1; null if it is about no line.</summary>
    public long? Line { get; init; }

    /// <summary>What is the matter, in one sentence without file and line.</summary>
    public required string Message { get; init; }

    /// <summary>How many there are of its kind in the file; at least 1.</summary>
    public long Count { get; init; } = 1;
}
