using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>How a bundle is packed.</summary>
public sealed record PackOptions
{
    /// <summary>The options used unless others are given.</summary>
    public static PackOptions Default { get; } = new();

    /// <summary>
    /// Whether the bundle is deleted once the packed rollout was read back, compared with it and is safe on its device; false by
    /// default.
    /// </summary>
    public bool Delete { get; init; }

    /// <summary>How hard zstd tries, 1 to 19; 6 by default. Packed rollouts of one bundle are equal where their levels are.</summary>
    public int Level { get; init; } = 6;

    /// <summary>
    /// Makes what is kept behind the packed rollout for those who list many, so that they need not unpack it: any bytes, at most 64 KiB; null, or
    /// giving null, for nothing. It is called for rollouts that ended.
    /// </summary>
    public Func<BundleReader, byte[]?>? Summarise { get; init; }

    /// <summary>The clock that tells how long a rollout without an end has been silent.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks to stop: then the bundle is as it was. Asked while it is deleted, it comes too late.</summary>
    public CancellationToken Cancellation { get; init; }
}
