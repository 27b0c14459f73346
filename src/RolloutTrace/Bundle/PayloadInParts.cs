namespace RolloutTrace.Bundle;

/// <summary>A payload that stands in two places, one behind the other, and of which it may be known that it begins with what an earlier one began with.</summary>
public readonly ref struct PayloadInParts
{
    /// <summary>Makes one.</summary>
    /// <param name="first">What it begins with.</param>
    /// <param name="rest">What follows.</param>
    /// <param name="earlier">Number of a payload of the same bundle, written before it, that begins with <paramref name="first"/>; 0 if none is known.</param>
    public PayloadInParts(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest, long earlier = 0)
    {
        First = first;
        Rest = rest;
        Earlier = earlier;
    }

    /// <summary>What it begins with.</summary>
    public ReadOnlySpan<byte> First { get; }

    /// <summary>What follows.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>Number of an earlier payload that begins with <see cref="First"/>; 0 if none is known.</summary>
    public long Earlier { get; }

    /// <summary>How many bytes it has.</summary>
    public int Length => First.Length + Rest.Length;
}
