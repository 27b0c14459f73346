namespace RolloutTrace.Cli;

/// <summary>What was exported of one bundle.</summary>
internal sealed record ExportAnswer
{
    /// <summary>The file or the receiver that the spans went to.</summary>
    public required string Target { get; init; }

    public required int Spans { get; init; }

    /// <summary>How many of them have no end, and are marked by <c>rollout.unfinished</c>.</summary>
    public required int UnfinishedSpans { get; init; }

    /// <summary>What became of them on their way to a receiver; null of a file.</summary>
    public DeliveryAnswer? Delivery { get; init; }
}
