namespace RolloutTrace.Analysis;

/// <summary>The kinds of violated invariant.</summary>
public static class InvariantCodes
{
    /// <summary>An object is filed under another id than its own, or its id is not of the form that its kind has.</summary>
    public const string WrongId = "wrong_id";

    /// <summary>An id is named that nothing in the state has.</summary>
    public const string UnresolvedId = "unresolved_id";

    /// <summary>An id is named twice where it can stand once, or two objects share what only one can have.</summary>
    public const string RepeatedId = "repeated_id";

    /// <summary>Two objects that belong together are of different threads or turns.</summary>
    public const string ForeignThread = "foreign_thread";

    /// <summary>Of two objects that name each other, one does not.</summary>
    public const string OneSidedLink = "one_sided_link";

    /// <summary>A conversation item is not of the form that its kind has.</summary>
    public const string MalformedItem = "malformed_item";

    /// <summary>The times and the status of something contradict each other.</summary>
    public const string InconsistentTimes = "inconsistent_times";
}
