namespace RolloutTrace.Replay;

/// <summary>The first thing in which a request differs from a recorded one, in the order in which a model is shown things.</summary>
public sealed record ReplayDifference
{
    /// <summary>What it is: <c>model</c>, <c>instructions</c>, <c>tools</c>, <c>parameters</c>, <c>item</c>, or <c>arguments</c> of a call.</summary>
    public required string What { get; init; }

    /// <summary>The tool or the parameter; null for other things.</summary>
    public string? Name { get; init; }

    /// <summary>Of an item, its place in the request, from 0, reasoning and instructions not counted; null for other things.</summary>
    public int? Index { get; init; }

    /// <summary>What was recorded, 400 characters at most, around the first that differs; null if nothing stands there.</summary>
    public required string? Recorded { get; init; }

    /// <summary>What was asked, likewise.</summary>
    public required string? Asked { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{What}{(Name is null ? "" : $" {Name}")}{(Index is { } index ? $" {index}" : "")}: {Quoted(Recorded, "recorded")}, {Quoted(Asked, "asked")}";

    private static string Quoted(string? text, string how) => text is null ? $"none was {how}" : $"{how} was '{text}'";
}
