namespace RolloutTrace.Reducer;

/// <summary>Where a secret stood.</summary>
public sealed record RedactedPlace
{
    /// <summary>The file's path below the bundle.</summary>
    public required string File { get; init; }

    /// <summary>The line, from 1; null where the file is one document.</summary>
    public int? Line { get; init; }

    /// <summary>The way to it from the document's root, such as <c>input[2].arguments</c>; null where nothing can be told of it.</summary>
    public string? Member { get; init; }
}
