namespace RolloutTrace.Analysis;

/// <summary>Something that can be explained: what it is, and its links to what caused it and to what came of it.</summary>
public sealed record RolloutThing
{
    /// <summary>What it is, such as <c>tool_call</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its id, which no other of its kind has.</summary>
    public required string Id { get; init; }

    /// <summary>The other names by which it is found, such as a response's id or a span's.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What it is, in words, on one line.</summary>
    public required string Text { get; init; }

    /// <summary>Where it is to be seen.</summary>
    public required IReadOnlyList<Evidence> Evidence { get; init; }

    /// <summary>What caused it, and how in words, or nothing where that goes without saying; null where the chain just ends.</summary>
    public required RolloutThingLink? Cause { get; init; }

    /// <summary>What came of it, each with the words for how, in which the thing's own text stands as it is.</summary>
    public required IReadOnlyList<RolloutThingLink> Effects { get; init; }
}
