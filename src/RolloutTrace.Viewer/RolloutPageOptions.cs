namespace RolloutTrace.Viewer;

/// <summary>What a page is to show.</summary>
public sealed record RolloutPageOptions
{
    /// <summary>
    /// Whether texts, arguments, outputs, command lines, errors and the raw evidence are in the page. Without them it has names, ids, kinds,
    /// times and numbers alone, and says so. Default: yes.
    /// </summary>
    public bool HasContent { get; init; } = true;

    /// <summary>The most bytes of a payload that the evidence has.</summary>
    internal int MostOfPayload { get; init; } = 1 << 26;

    /// <summary>Of what payloads have of their own, the most bytes that the evidence holds back until it has all lines, and about one payload more.</summary>
    internal int MostHeldBack { get; init; } = 1 << 23;
}
