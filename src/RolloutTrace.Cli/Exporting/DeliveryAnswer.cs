namespace RolloutTrace.Cli;

/// <summary>What became of spans that were sent.</summary>
internal sealed record DeliveryAnswer
{
    /// <summary>Spans that the receiver has heard of, also those that it refused.</summary>
    public required long Sent { get; init; }

    /// <summary>Spans that it refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Spans of which nobody knows that they arrived.</summary>
    public required long Undelivered { get; init; }

    /// <summary>Why spans were refused or not delivered.</summary>
    public required IReadOnlyList<DeliveryReason> Reasons { get; init; }

    public static DeliveryAnswer Of(DeliveryReport report) => new()
    {
        Sent = report.Sent,
        Refused = report.Refused,
        Undelivered = report.Undelivered,
        Reasons = [.. report.Refusals, .. report.Losses],
    };
}
