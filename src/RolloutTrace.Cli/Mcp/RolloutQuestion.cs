using System.Text.Json.Nodes;
using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>A call of a tool about one rollout, which is open.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Head">The beginning of the answer: which rollout it is about, and whether it has defects.</param>
/// <param name="Arguments">What the call gives.</param>
/// <param name="Cursor">Where the page begins.</param>
internal sealed record RolloutQuestion(OpenRollout Rollout, JsonObject Head, ToolArguments Arguments, ToolCursor Cursor)
{
    /// <summary>A page of a list that is there as a whole.</summary>
    public ToolPage Page<T>(string member, IReadOnlyList<T> all, Func<T, JsonNode> write, ToolParameter limit)
    {
        Head["total"] = all.Count;
        var page = new ToolPage(Head, member, Arguments.Number(limit));
        for (var i = Cursor.Entry; i < all.Count; i++)
        {
            if (!page.TryAdd(write(all[i])))
            {
                page.Next = Cursor with { Entry = i };
                break;
            }
        }

        return page;
    }
}
