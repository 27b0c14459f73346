using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Claude;

/// <summary>
/// A place in the tree of a conversation: a prompt, an answer with all its lines, or a new history. What follows it, up to the next
/// place, stands around it: results of its calls hang off different lines, and belong to it all the same.
/// </summary>
/// <param name="parent">The place before it; null where a conversation begins.</param>
/// <param name="first">Its first line.</param>
internal sealed class ClaudeUnit(ClaudeUnit? parent, ClaudeLine first)
{
    private readonly List<ClaudeLine> around = [];

    public ClaudeUnit? Parent => parent;

    public ClaudeLine First => first;

    /// <summary>Its own lines.</summary>
    public List<ClaudeLine> Lines { get; } = [first];

    /// <summary>Of a new history, the place before it.</summary>
    public ClaudeUnit? Before { get; init; }

    /// <summary>Adds a line that follows it.</summary>
    public void Follow(ClaudeLine line) => around.Add(line);

    /// <summary>All that a model saw that was asked behind a place.</summary>
    /// <param name="unit">The place; null for none.</param>
    /// <param name="order">The place of what was answered, among all lines.</param>
    /// <param name="lastTime">When the last of it happened; not changed if there is nothing.</param>
    public static List<HistoryItem> HistoryUntil(ClaudeUnit? unit, int order, ref long lastTime)
    {
        var path = new List<(ClaudeUnit Unit, int End)>();
        var before = order;
        for (var at = unit; at is not null; at = at.Parent)
        {
            path.Add((at, before));
            before = at.First.Order;
        }

        path.Reverse();
        var history = new List<HistoryItem>();
        foreach (var (at, end) in path)
        {
            // A result counts whenever it came; what else was said is of this way only if it came before the next place.
            foreach (var line in at.Lines.Concat(at.around))
            {
                if (line.Order < (line.Kind is ClaudeLineKind.Results or ClaudeLineKind.Answer ? order : end))
                {
                    history.AddRange(line.Items);
                    lastTime = Math.Max(lastTime, line.Time);
                }
            }
        }

        return history;
    }
}
