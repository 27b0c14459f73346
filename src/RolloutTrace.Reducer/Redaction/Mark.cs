namespace RolloutTrace.Reducer.Redaction;

/// <summary>What stands for a secret or a piece of one.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="CutLength">How long the piece is; null for the whole.</param>
internal readonly record struct Mark(Secret Secret, int? CutLength = null)
{
    /// <summary>That for a piece of it. Pieces of different lengths are different texts.</summary>
    public Mark Cut(int length) => new(Secret, length);

    /// <summary>The text.</summary>
    public override string ToString() => CutLength is { } length ? $"{Secret.Mark}_{length}" : Secret.Mark;
}
