namespace RolloutTrace.Reducer.Redaction;

/// <summary>What is to stand in the place of a part of a file.</summary>
/// <param name="Start">Where the part begins.</param>
/// <param name="End">Where it ends, exclusively.</param>
/// <param name="Mark">What stands for the secret.</param>
/// <param name="IsFirst">Whether the mark stands here: of a secret in pieces the first piece has it, the others are empty.</param>
/// <param name="Token">The token that it stands in; null if it is none's.</param>
internal readonly record struct Edit(int Start, int End, Mark Mark, bool IsFirst, JsonToken? Token)
{
    /// <summary>The edits that a hit needs.</summary>
    public static IEnumerable<Edit> Of(Hit hit, JsonToken? token)
    {
        var isFirst = true;
        foreach (var (start, end) in hit.Text.Places(hit.Start, hit.End))
        {
            yield return new Edit(start, end, hit.Mark, isFirst, token);
            isFirst = false;
        }
    }
}
