namespace RolloutTrace.Packing;

/// <summary>What a member of a packed rollout is, in the order in which they stand.</summary>
internal enum MemberGroup
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The bundle's directory.</summary>
    Bundle,
    Manifest,
    Log,

    /// <summary>The directory of payloads.</summary>
    Payloads,
    Payload,

    /// <summary>What is no part of the format.</summary>
    Other,
}
