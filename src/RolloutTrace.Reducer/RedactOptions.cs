namespace RolloutTrace.Reducer;

/// <summary>What is taken out of a bundle's copy.</summary>
public sealed record RedactOptions
{
    /// <summary>The shortest key, in bytes; 16.</summary>
    public const int MinKeyBytes = ScrubOptions.MinKeyBytes;

    /// <summary>
    /// The secret from which marks are made. The same secret gets the same mark under the same key; without the key nobody can tell
    /// whether a mark stands for a secret that he guesses. At least <see cref="MinKeyBytes"/> bytes.
    /// </summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>
    /// Patterns of .NET's regular expressions. What they match in a text is a secret; of a pattern with a group named <c>secret</c>,
    /// what that matches. A pattern that looks around or back has 5 seconds for a text, others need no limit. None by default.
    /// </summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>
    /// Names, whatever their case, under which secrets stand: all texts and numbers in a member of that name, and in text what
    /// follows <c>NAME=</c> or <c>NAME:</c>. None by default.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// Whether the published shapes of keys and tokens are secrets, with passwords in URLs and members such as <c>authorization</c>.
    /// Default: true.
    /// </summary>
    public bool KnownShapes { get; init; } = true;
}
