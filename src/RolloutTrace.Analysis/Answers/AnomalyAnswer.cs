namespace RolloutTrace.Analysis.Answers;

/// <summary>One anomaly. In JSON <c>code</c>, <c>subject</c>, <c>message</c>, <c>why_it_matters</c> and <c>evidence</c>.</summary>
public sealed record AnomalyAnswer
{
    /// <summary>The kind of anomaly; one of <see cref="AnomalyCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The id of what it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>What is wrong, in words, on one line.</summary>
    public required string Message { get; init; }

    /// <summary>Why anomalies of this kind matter, in words, on one line.</summary>
    public required string WhyItMatters { get; init; }

    /// <summary>Where it is to be seen; empty if the whole log is the evidence.</summary>
    public required IReadOnlyList<Evidence> Evidence { get; init; }
}
