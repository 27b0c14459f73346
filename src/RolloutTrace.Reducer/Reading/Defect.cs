namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Something unsound that replay has come upon, and what it would go on with. A value: whether replay goes on is for
/// <see cref="Tolerance"/> to say.
/// </summary>
internal sealed record Defect
{
    /// <summary>How much is lost if replay goes on.</summary>
    public required DiagnosticSeverity Severity { get; init; }

    /// <summary>One of <see cref="DiagnosticCodes"/>: what the diagnostic is called if replay goes on.</summary>
    public required string Code { get; init; }

    /// <summary>One of <see cref="DiagnosticCodes"/>: what the fault is called if replay does not go on.</summary>
    public string FaultCode { get; init; } = DiagnosticCodes.UnusablePayload;

    /// <summary>What is wrong, naming the ids concerned.</summary>
    public required string What { get; init; }

    /// <summary>What is kept in its place; null if nothing is, or if <see cref="What"/> says it.</summary>
    public string? Kept { get; init; }

    /// <summary>
    /// What it comes from. Of all defects that come from one cause the first is told, and the others are counted with it. Null
    /// if it stands for itself.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>What the diagnostic says.</summary>
    public string Message => Kept is null ? What : $"{What}; {Kept}";
}
