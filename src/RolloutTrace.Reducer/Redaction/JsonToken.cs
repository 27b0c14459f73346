namespace RolloutTrace.Reducer.Redaction;

/// <summary>A name, a string or a number in a JSON text.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Start">Where it begins in the text, behind the quotation mark.</param>
/// <param name="Length">How long it is there, without quotation marks, with its escapes.</param>
/// <param name="Parent">The object or list that it stands in; null at the root.</param>
/// <param name="Member">The name of the member whose value it is, or that it is; null in a list.</param>
/// <param name="Index">Its position in a list.</param>
internal sealed record JsonToken(JsonTokenKind Kind, int Start, int Length, JsonContainer? Parent, string? Member, int Index)
{
    /// <summary>The nearest name on the way to it, through lists.</summary>
    public string? NearestName => Member ?? Parent?.NearestName;
}
