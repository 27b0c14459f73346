using System.Text.Json;

namespace RolloutTrace.Import.Codex;

/// <summary>
/// The beginning of a log that another one's lines stand in: a session that was forked from another has what was said there, written anew.
/// It is history, and no request of this session's.
/// </summary>
/// <param name="origin">The log that the lines come from.</param>
/// <param name="isSelection">Whether parts of the conversation may be left out, as for an agent that is told what was said and not what was done.</param>
internal sealed class CodexTakenOver(CodexLookAhead origin, bool isSelection)
{
    private int next;
    private bool isOver;

    /// <summary>Whether a line, the next one, is taken over. The first that is not ends it: what is said again later was said here.</summary>
    public bool Has(JsonElement line)
    {
        if (isOver)
        {
            return false;
        }

        if (CodexLookAhead.HashOf(line) is not { } hash)
        {
            return true;
        }

        for (var at = next; at < origin.Lines.Count; at++)
        {
            if (origin.Lines[at].Hash == hash)
            {
                next = at + 1;
                return true;
            }

            if (origin.Lines[at].IsItem && !isSelection)
            {
                break;
            }
        }

        isOver = true;
        return false;
    }
}
