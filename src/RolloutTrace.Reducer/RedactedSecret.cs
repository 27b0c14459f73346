namespace RolloutTrace.Reducer;

/// <summary>One secret that was taken out of a bundle's copy.</summary>
public sealed record RedactedSecret
{
    /// <summary>The most places that are listed; 20.</summary>
    public const int MaxPlaces = 20;

    /// <summary>What stands for it in the copy, wherever it stood.</summary>
    public required string Mark { get; init; }

    /// <summary>By what it was found first: a known shape's name, <c>pattern N</c> or <c>key NAME</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>How often it was replaced.</summary>
    public required long Count { get; init; }

    /// <summary>In how many places; one member of a document is one place.</summary>
    public required long PlaceCount { get; init; }

    /// <summary>Where, the first <see cref="MaxPlaces"/> of them, in the order of the copy's files.</summary>
    public required IReadOnlyList<RedactedPlace> Places { get; init; }
}
