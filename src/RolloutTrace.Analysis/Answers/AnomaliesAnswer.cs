using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Answers;

/// <summary>What <c>anomalies</c> finds in a bundle. In JSON <c>status</c>, <c>status_evidence</c>, <c>lost</c>, <c>total</c>, <c>next_offset</c> and <c>anomalies</c>.</summary>
public sealed record AnomaliesAnswer
{
    /// <summary>How the rollout stands.</summary>
    public required RolloutStanding Status { get; init; }

    /// <summary>By what a status that the log does not give is known, on one line; null for one that it gives.</summary>
    public required string? StatusEvidence { get; init; }

    /// <summary>What the recorder says it has lost; null if it says nothing.</summary>
    public required BundleLoss? Lost { get; init; }

    /// <summary>How many there are, of which <see cref="Anomalies"/> may be a part.</summary>
    public int Total { get; init; }

    /// <summary>How many anomalies to leave out to have those that follow here; null if none follow.</summary>
    public int? NextOffset { get; init; }

    /// <summary>What was found; empty if nothing was.</summary>
    public required IReadOnlyList<AnomalyAnswer> Anomalies { get; init; }

    /// <summary>Looks for everything that a person should look at.</summary>
    /// <param name="rollout">The rollout.</param>
    public static AnomaliesAnswer Of(OpenRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        List<AnomalyAnswer> anomalies =
        [
            .. RolloutAnomalies.Find(rollout).Select(static anomaly => new AnomalyAnswer
            {
                Code = anomaly.Code,
                Subject = anomaly.Subject,
                Message = anomaly.Message,
                WhyItMatters = AnomalyCodes.WhyItMatters(anomaly.Code),
                Evidence = anomaly.Evidence,
            }),
        ];
        return new AnomaliesAnswer
        {
            Status = rollout.Liveness.Status,
            StatusEvidence = rollout.Liveness.Evidence,
            Lost = rollout.Liveness.Lost,
            Total = anomalies.Count,
            Anomalies = anomalies,
        };
    }
}
