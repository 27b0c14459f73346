namespace RolloutTrace.Reducer;

/// <summary>How a bundle is made fit to be shared.</summary>
public sealed record ScrubOptions
{
    /// <summary>The shortest key, in bytes; 16.</summary>
    public const int MinKeyBytes = 16;

    /// <summary>
    /// The secret from which replacements are made. The same text gets the same replacement under the same key; without the key
    /// nobody can tell whether a replacement stands for a text that he guesses. At least <see cref="MinKeyBytes"/> bytes.
    /// </summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>
    /// Members to be left as they are, with all that is in them: names, or the last few names on the way to a value joined by dots,
    /// such as <c>cwd</c> or <c>arguments.cmd</c>. Positions in lists do not count. None by default.
    /// </summary>
    public IReadOnlyList<string> Keep { get; init; } = [];
}
