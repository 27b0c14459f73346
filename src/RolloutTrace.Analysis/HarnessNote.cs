using System.Buffers;

namespace RolloutTrace.Analysis;

/// <summary>
/// Tells what a harness says in the user's place: it stands between tags whose name has several words, as <c>environment_context</c> of Codex
/// and <c>system-reminder</c> of Claude Code. What a user pastes stands between others.
/// </summary>
internal static class HarnessNote
{
    private static readonly SearchValues<char> InNames = SearchValues.Create("-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>Whether the whole of a text is such a note.</summary>
    public static bool Is(string said)
    {
        var text = said.AsSpan().Trim();
        if (text is not ['<', .. var rest] || rest.IndexOfAnyExcept(InNames) is not (> 0 and var end) || rest[end] != '>')
        {
            return false;
        }

        var name = rest[..end];
        return name.ContainsAny('-', '_') && text.EndsWith($"</{name}>");
    }
}
