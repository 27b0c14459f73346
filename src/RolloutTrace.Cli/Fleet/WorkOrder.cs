namespace RolloutTrace.Cli;

/// <summary>What a worker is told by its command line.</summary>
internal sealed record WorkOrder
{
    public required FleetAddresses Addresses { get; init; }

    public required string Lake { get; init; }

    public required int MaxDeliver { get; init; }

    public required bool Once { get; init; }

    public required string? Shard { get; init; }

    public required int Jobs { get; init; }
}
