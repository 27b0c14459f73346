using System.Text;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>Applies edits to a text. Of two that overlap the one that begins first wins, and then the longer; what sticks out of it is the other's.</summary>
internal static class Edits
{
    /// <param name="text">The text.</param>
    /// <param name="edits">What is to be replaced.</param>
    /// <param name="note">Told of each secret that was replaced, by the edit that put its mark.</param>
    public static string Apply(string text, List<Edit> edits, Action<Edit> note)
    {
        if (edits.Count == 0)
        {
            return text;
        }

        // Stable, so that the same text gives the same copy.
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var edit in edits.OrderBy(static edit => edit.Start).ThenByDescending(static edit => edit.End))
        {
            if (edit.End <= at)
            {
                continue;
            }

            var start = Math.Max(edit.Start, at);
            result.Append(text, at, start - at);
            if (edit.IsFirst)
            {
                result.Append(edit.Mark.ToString());
                note(edit);
            }

            at = edit.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
