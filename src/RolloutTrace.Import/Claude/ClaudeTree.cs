using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Claude;

/// <summary>Puts lines into threads, and each into its place in the conversation's tree.</summary>
internal sealed class ClaudeTree
{
    private readonly ImportRun run;
    private readonly LogSpool spool;
    private readonly Dictionary<string, ClaudeLine> byUuid = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Session, string? Key), ClaudeThread> threads = [];
    private readonly List<ClaudeThread> inOrder = [];

    public ClaudeTree(ImportRun run, IReadOnlyList<ClaudeLine> lines, LogSpool spool)
    {
        this.spool = spool;
        this.run = run;
        foreach (var line in lines)
        {
            if (line.Uuid is not null)
            {
                byUuid.TryAdd(line.Uuid, line);
            }
        }

        foreach (var line in lines)
        {
            line.Thread = ThreadOf(line);
            line.Thread.Lines.Add(line);
            if (line.Kind != ClaudeLineKind.Aside)
            {
                Place(line, line.Thread);
            }
        }

        foreach (var session in inOrder.GroupBy(static thread => thread.SessionId, StringComparer.Ordinal))
        {
            ClaudeCauses.Find([.. session]);
        }
    }

    /// <summary>The threads of a session, its own agent's first, then its helpers' in the order in which they began.</summary>
    public IReadOnlyList<ClaudeThread> ThreadsOf(string sessionId) =>
        [.. inOrder.Where(thread => thread.SessionId == sessionId).OrderBy(static thread => thread.IsHelper)];

    private ClaudeThread ThreadOf(ClaudeLine line)
    {
        var key = (line.SessionId, line.AgentId ?? (line.IsSidechain ? RootOf(line) : null));
        if (!threads.TryGetValue(key, out var thread))
        {
            thread = new ClaudeThread(key.SessionId, key.Item2, spool);
            threads.Add(key, thread);
            inOrder.Add(thread);
        }

        return thread;
    }

    // Helpers whose lines do not name them are told apart by where their chains begin.
    private string RootOf(ClaudeLine line)
    {
        var (root, steps) = (line, 0);
        while (root.ParentUuid is not null && steps++ <= byUuid.Count && byUuid.TryGetValue(root.ParentUuid, out var parent) && parent.IsSidechain)
        {
            if (parent.Thread is { Key: { } key })
            {
                return key;
            }

            root = parent;
        }

        return root.Uuid ?? $"{root.Number}";
    }

    private void Place(ClaudeLine line, ClaudeThread thread)
    {
        var place = PlaceBefore(line, thread);
        if (line.Kind != ClaudeLineKind.Answer)
        {
            thread.TakeIds(line);
        }

        switch (line.Kind)
        {
            case ClaudeLineKind.Answer:
                PlaceAnswer(line, thread, place);
                break;
            case ClaudeLineKind.Boundary:
                line.Unit = new ClaudeUnit(parent: null, line) { Before = UnitOf(line.LogicalParentUuid, thread) ?? thread.Tip };
                Keep(line, thread);
                break;
            case ClaudeLineKind.Summary when place is { First.Kind: ClaudeLineKind.Boundary, Lines.Count: 1 }:
                place.Lines.Add(line);
                line.Unit = place;
                break;
            case ClaudeLineKind.Summary:
                line.Unit = new ClaudeUnit(parent: null, line) { Before = place ?? thread.Tip };
                break;
            case ClaudeLineKind.Results:
                line.Unit = line.Results.Select(result => thread.Callers.GetValueOrDefault(result.CallId)).FirstOrDefault(static unit => unit is not null) ?? place;
                Follow(line, thread);
                break;
            case ClaudeLineKind.Note when place is not null:
                line.Unit = place;
                Follow(line, thread);
                break;
            default:
                line.Unit = new ClaudeUnit(place, line);
                break;
        }

        thread.Tip = line.Unit;
    }

    // What follows the last line that is kept follows it in the new history.
    private void Keep(ClaudeLine boundary, ClaudeThread thread)
    {
        if (boundary.Compaction?.Kept is { } kept
            && byUuid.TryGetValue(kept.Head, out var head) && head.Thread == thread && head.Unit is not null
            && byUuid.TryGetValue(kept.Tail, out var tail) && tail.Thread == thread && tail.Order < boundary.Order
            && ClaudeUnit.From(UnitOf(kept.Tail, thread), head) is { Count: > 0 } items)
        {
            (boundary.Unit!.Kept, boundary.Unit.IsKeptFirst) = (items, kept.Anchor == boundary.Uuid);
            thread.Kept[kept.Tail] = boundary.Unit;
        }
    }

    private static void Follow(ClaudeLine line, ClaudeThread thread)
    {
        line.Unit ??= new ClaudeUnit(thread.Tip, line);
        if (line.Unit.First != line)
        {
            line.Unit.Follow(line);
        }

        (line.IsLaunch ? thread.Launches : thread.Answered).UnionWith(line.Results.Select(static result => result.CallId));
    }

    private static void PlaceAnswer(ClaudeLine line, ClaudeThread thread, ClaudeUnit? place)
    {
        var id = line.MessageId ?? line.Uuid ?? $"{line.Number}";
        if (thread.Answers.TryGetValue(id, out var unit))
        {
            // A session that was gone on with may repeat what it took over.
            if (!unit.Lines.Exists(known => known.Items.Count > 0 && known.SaysTheSame(line)))
            {
                thread.TakeIds(line);
                unit.Lines.Add(line);
            }
        }
        else
        {
            thread.TakeIds(line);
            unit = new ClaudeUnit(place, line);
            thread.Answers.Add(id, unit);
        }

        foreach (var call in line.Calls)
        {
            thread.Callers.TryAdd(call.Use.CallId, unit);
        }

        line.Unit = unit;
    }

    // A line that is no part of the conversation only leads on to its own parent. One whose parent cannot be found follows the one before it.
    private ClaudeUnit? PlaceBefore(ClaudeLine line, ClaudeThread thread)
    {
        if (line.ParentUuid is null)
        {
            return line.IsFirst ? null : thread.Tip;
        }

        if (!byUuid.ContainsKey(line.ParentUuid))
        {
            run.Diagnostics.Add(ImportSeverity.Warning, ImportCodes.ReferenceMissing, line.File, line.Number, "follows a line that is not there; it is taken to follow the one before it");
            return thread.Tip;
        }

        return UnitOf(line.ParentUuid, thread);
    }

    private ClaudeUnit? UnitOf(string? uuid, ClaudeThread thread)
    {
        for (var steps = 0; uuid is not null && steps <= byUuid.Count; steps++)
        {
            if (thread.Kept.TryGetValue(uuid, out var kept))
            {
                return kept;
            }

            if (!byUuid.TryGetValue(uuid, out var line))
            {
                return thread.Tip;
            }

            if (line.Kind != ClaudeLineKind.Aside)
            {
                // What a helper begins with hangs below its caller, which it does not see.
                var isOwn = line.Thread == thread || (!thread.IsHelper && line is { Thread.IsHelper: false });
                return isOwn ? line.Unit ?? thread.Tip : null;
            }

            uuid = line.ParentUuid;
        }

        return null;
    }
}
