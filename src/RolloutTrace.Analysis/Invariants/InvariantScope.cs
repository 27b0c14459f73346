using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>A state under examination: what is asked of every kind of object, and where violations go.</summary>
internal sealed class InvariantScope(RolloutGraph graph)
{
    private readonly List<InvariantViolation> violations = [];

    public RolloutGraph Graph => graph;

    public IReadOnlyList<InvariantViolation> Violations => violations;

    public void Report(string code, string subject, string message) =>
        violations.Add(new InvariantViolation { Code = code, Subject = subject, Message = message });

    public void Key(string what, string key, string id)
    {
        if (!string.Equals(key, id, StringComparison.Ordinal))
        {
            Report(InvariantCodes.WrongId, key, $"{what} {id} is filed under {key}");
        }
    }

    /// <summary>Ids that are counted from 1 over the rollout have no holes: as many objects, as high the highest.</summary>
    public void Numbered(string prefix, string id, int count)
    {
        if (!id.StartsWith(prefix, StringComparison.Ordinal)
            || !int.TryParse(id.AsSpan(prefix.Length), out var number)
            || number < 1
            || number > count)
        {
            Report(InvariantCodes.WrongId, id, $"{id} is not one of {prefix}1 to {prefix}{count}");
        }
    }

    public bool Resolves<T>(IReadOnlyDictionary<string, T> map, string subject, string what, string id)
    {
        if (map.ContainsKey(id))
        {
            return true;
        }

        Report(InvariantCodes.UnresolvedId, subject, $"{subject} names {what} {id}, which the state does not have");
        return false;
    }

    public void Payload(string subject, string? id)
    {
        if (id is not null)
        {
            Resolves(graph.RawPayloads, subject, "payload", id);
        }
    }

    public void Payloads(string subject, IdList ids)
    {
        foreach (var id in ids)
        {
            Payload(subject, id);
        }
    }

    /// <summary>The thread, and the turn if there is one, exist and belong together.</summary>
    public void Context(string subject, string threadId, string? turnId)
    {
        Resolves(graph.Threads, subject, "thread", threadId);
        if (turnId is not null
            && Resolves(graph.CodexTurns, subject, "turn", turnId)
            && !string.Equals(graph.CodexTurns[turnId].ThreadId, threadId, StringComparison.Ordinal))
        {
            Report(InvariantCodes.ForeignThread, subject, $"{subject} is of thread {threadId}, but its turn {turnId} of thread {graph.CodexTurns[turnId].ThreadId}");
        }
    }

    /// <summary>An item that something of a thread names exists and is of that thread.</summary>
    public ConversationItem? Item(string subject, string threadId, string itemId)
    {
        if (!Resolves(graph.ConversationItems, subject, "item", itemId))
        {
            return null;
        }

        var item = graph.ConversationItems[itemId];
        if (!string.Equals(item.ThreadId, threadId, StringComparison.Ordinal))
        {
            Report(InvariantCodes.ForeignThread, subject, $"{subject} is of thread {threadId}, but {itemId}, which it names, of thread {item.ThreadId}");
        }

        return item;
    }

    public void Items(string subject, string threadId, IdList ids)
    {
        foreach (var id in ids)
        {
            Item(subject, threadId, id);
        }
    }

    public void NoRepeats(string subject, string what, IdList ids)
    {
        if (ids.Count < 2)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (!seen.Add(id))
            {
                Report(InvariantCodes.RepeatedId, subject, $"{subject} has {id} more than once among its {what}");
            }
        }
    }

    public void Window(string subject, ExecutionWindow window)
    {
        if (window.EndedAtUnixMs is null != window.EndedSeq is null)
        {
            Report(InvariantCodes.InconsistentTimes, subject, $"{subject} has one of its end's time and sequence number, but not the other");
        }

        if (window.Status != ExecutionStatus.Running && window.EndedSeq is null)
        {
            Report(InvariantCodes.InconsistentTimes, subject, $"{subject} is {WireName.Of(window.Status)}, but has no end");
        }
    }

    public void Pair(string subject, string what, long? time, long? seq)
    {
        if (time is null != seq is null)
        {
            Report(InvariantCodes.InconsistentTimes, subject, $"{subject} has one of {what}'s time and sequence number, but not the other");
        }
    }

    public void OneSided(string subject, string other, string how) =>
        Report(InvariantCodes.OneSidedLink, subject, $"{subject} names {other} {how}, but not the other way round");
}
