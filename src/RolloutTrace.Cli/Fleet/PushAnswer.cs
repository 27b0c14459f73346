namespace RolloutTrace.Cli;

/// <summary>What became of a bundle that was pushed.</summary>
internal sealed record PushAnswer
{
    /// <summary>Its key in the store.</summary>
    public required string Key { get; init; }

    /// <summary>Its address there, which commands take.</summary>
    public required string Address { get; init; }

    /// <summary>The SHA-256 of the packed rollout, in hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether these very bytes were there already.</summary>
    public required bool WasThere { get; init; }

    /// <summary>Whether it was announced to workers.</summary>
    public required bool Announced { get; init; }
}
