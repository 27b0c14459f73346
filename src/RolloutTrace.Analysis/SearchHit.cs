namespace RolloutTrace.Analysis;

/// <summary>A place where a search found something.</summary>
public sealed record SearchHit
{
    /// <summary>The id of what holds it: an item, a tool call, a cell, an operation, a request, an edge or a thread; of a breadcrumb, its payload's, of which there is nothing more to explain.</summary>
    public required string Id { get; init; }

    /// <summary>Which part of it, such as <c>text</c>, <c>stdout</c> or <c>payloads/12.json</c>.</summary>
    public required string Part { get; init; }

    /// <summary>Line in that part, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The line, on one line and around the match if it is long.</summary>
    public required string Text { get; init; }

    /// <summary>Where in <see cref="Text"/> the match begins.</summary>
    public required int MatchStart { get; init; }

    /// <summary>The match's length in <see cref="Text"/>, where a long one is cut.</summary>
    public required int MatchLength { get; init; }
}
