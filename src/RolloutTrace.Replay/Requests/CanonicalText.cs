namespace RolloutTrace.Replay.Requests;

/// <summary>What stands somewhere in a request, and what it is compared by. Two are the same if what they are compared by is.</summary>
/// <param name="Words">As it stands there.</param>
/// <param name="Key">A hash of it, without what is never the same in two runs.</param>
internal sealed record CanonicalText(string Words, UInt128 Key)
{
    public bool IsSame(CanonicalText? other) => other is not null && Key == other.Key;
}
