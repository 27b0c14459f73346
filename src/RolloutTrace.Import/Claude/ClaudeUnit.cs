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
    private int? lastResult;
    private Told? told;

    public ClaudeUnit? Parent => parent;

    public ClaudeLine First => first;

    /// <summary>Its own lines.</summary>
    public List<ClaudeLine> Lines { get; } = [first];

    /// <summary>Of a new history, the place before it.</summary>
    public ClaudeUnit? Before { get; init; }

    /// <summary>Of a new history, what it keeps of the one before.</summary>
    public IReadOnlyList<HistoryItem> Kept { get; set; } = [];

    /// <summary>Whether that stands before the summary, and not behind it.</summary>
    public bool IsKeptFirst { get; set; }

    /// <summary>Of a new history, all of it.</summary>
    public IReadOnlyList<HistoryItem> Replacement
    {
        get
        {
            var summary = Lines.Where(static line => line.Kind == ClaudeLineKind.Summary).SelectMany(static line => line.Items);
            return IsKeptFirst ? [.. Kept, .. summary] : [.. summary, .. Kept];
        }
    }

    /// <summary>What the lines of it, and of the places before it down to another, add to the conversation, from a line on.</summary>
    /// <param name="last">The last place; null for none.</param>
    /// <param name="head">The first line.</param>
    public static IReadOnlyList<HistoryItem> From(ClaudeUnit? last, ClaudeLine head)
    {
        var units = new Stack<ClaudeUnit>();
        for (var at = last; at is not null; at = at.Parent)
        {
            units.Push(at);
            if (at == head.Unit)
            {
                return [.. units.SelectMany(static unit => unit.Lines.Concat(unit.around)).Where(line => line.Order >= head.Order).SelectMany(static line => line.Items)];
            }
        }

        return [];
    }

    /// <summary>Adds a line that follows it.</summary>
    public void Follow(ClaudeLine line) => around.Add(line);

    /// <summary>All that a model saw that was asked behind a place.</summary>
    /// <param name="unit">The place; null for none.</param>
    /// <param name="order">The place of what was answered, among all lines.</param>
    /// <param name="lastTime">When the last of it happened; not changed if there is nothing.</param>
    public static History HistoryUntil(ClaudeUnit? unit, int order, ref long lastTime)
    {
        // As far as all results have come by then, each place has told what it adds, or can tell it once for all that follows.
        var path = new List<(ClaudeUnit Unit, int End)>();
        var end = order;
        var at = unit;
        while (at is not null && !at.IsSettled(end, order))
        {
            path.Add((at, end));
            end = at.First.Order;
            at = at.Parent;
        }

        var told = at is null ? new Told(order, History.None, LastTime: 0) : at.told!;
        for (var i = path.Count - 1; i >= 0; i--)
        {
            told = path[i].Unit.Tell(told, path[i].End, order);
        }

        lastTime = Math.Max(lastTime, told.LastTime);
        return told.History;
    }

    // The latest line of it, or of a place before it, that counts whenever it came.
    private int LastResult => lastResult ??= Math.Max(
        Lines.Concat(around).Where(CountsAlways).Select(static line => line.Order).DefaultIfEmpty(-1).Max(),
        parent?.lastResult ?? -1);

    private static bool CountsAlways(ClaudeLine line) => line.Kind is ClaudeLineKind.Results or ClaudeLineKind.Answer;

    private bool IsSettled(int end, int order) => told is not null && told.End == end && LastResult < order;

    private Told Tell(Told before, int end, int order)
    {
        // A result counts whenever it came; what else was said is of this way only if it came before the next place.
        var (history, time) = (before.History, before.LastTime);
        if (IsKeptFirst)
        {
            history = history.With(Kept);
        }

        foreach (var line in Lines.Concat(around))
        {
            if (line.Order < (CountsAlways(line) ? order : end))
            {
                history = history.With(line.Items);
                time = Math.Max(time, line.Time);
            }

            if (line == Lines[^1] && !IsKeptFirst)
            {
                history = history.With(Kept);
            }
        }

        var all = new Told(end, history, time);
        if (LastResult < order)
        {
            told = all;
        }

        return all;
    }

    private sealed record Told(int End, History History, long LastTime);
}
