namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// What a model has seen, in order: known, or unknown since something that it was shown could not be read. Unknown is not empty.
/// Nothing may be concluded from an unknown history; but what was known before is where its items are looked for first.
/// </summary>
internal sealed class History
{
    private History(IdList ids, string? cause)
    {
        LastKnown = ids;
        Cause = cause;
    }

    /// <summary>The model has seen nothing.</summary>
    public static History Empty { get; } = new(IdList.Empty, cause: null);

    /// <summary>Whether it is known what the model has seen.</summary>
    public bool IsKnown => Cause is null;

    /// <summary>Why it is not known, as the <see cref="Reading.Defect.Cause"/> of the defect; null if it is.</summary>
    public string? Cause { get; }

    /// <summary>The items that are known to have been seen: all of them, or of an unknown history those from before and since.</summary>
    public IdList LastKnown { get; }

    /// <summary>The model has seen these items.</summary>
    public static History Known(IdList ids) => new(ids, cause: null);

    /// <summary>The model was shown something, and nobody knows what.</summary>
    public History Lost(string cause) => new(LastKnown, cause);

    /// <summary>The model has seen these items, of which this history was the beginning.</summary>
    public History GrownTo(IdList ids) => new(ids, Cause);
}
