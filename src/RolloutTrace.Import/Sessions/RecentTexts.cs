namespace RolloutTrace.Import.Sessions;

/// <summary>
/// The same text as the same object, where it has been there shortly before: lines of a log name the session, the model and the line before
/// again and again. Not safe for concurrent use.
/// </summary>
internal sealed class RecentTexts
{
    private const int Places = 512;

    private readonly string?[] recent = new string?[Places];

    /// <summary>An equal text; null for null.</summary>
    public string? Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        ref var place = ref recent[(uint)string.GetHashCode(text, StringComparison.Ordinal) % Places];
        return place == text ? place : place = text;
    }
}
