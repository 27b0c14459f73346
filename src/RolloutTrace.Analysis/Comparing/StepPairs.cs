using System.Runtime.InteropServices;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// Finds which request of a thread stands for which of the other run's: turns by their order and what the user said, the requests of a
/// turn by what was answered. A step that one run has more moves nothing else.
/// </summary>
internal sealed class StepPairs(RunSide a, RunSide b, ItemClasses classes)
{
    private readonly Dictionary<string, int> keys = new(StringComparer.Ordinal);

    /// <summary>Whether requests differed in so many places that they were not aligned.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>The steps of a pair of threads, in order.</summary>
    public IReadOnlyList<Step> Of(ThreadPair threads)
    {
        var pairs = new List<(InferenceCall? A, InferenceCall? B)>();
        var (turnsA, turnsB) = (TurnsOf(a, threads.A), TurnsOf(b, threads.B));
        foreach (var (turnA, turnB) in Align(turnsA, turnsB, turn => KeyOf(a, turn), turn => KeyOf(b, turn), static _ => true))
        {
            pairs.AddRange(Align(turnA ?? [], turnB ?? [], call => KeyOf(a, call), call => KeyOf(b, call), static call => call.Execution.Status == ExecutionStatus.Completed));
        }

        return WithNeighbours(pairs);
    }

    private static List<Step> WithNeighbours(List<(InferenceCall? A, InferenceCall? B)> pairs)
    {
        var steps = new List<Step>();
        InferenceCall? nextA = null, nextB = null;
        foreach (var (ofA, ofB) in pairs.AsEnumerable().Reverse())
        {
            (nextA, nextB) = (ofA ?? nextA, ofB ?? nextB);
            steps.Add(new Step(ofA, ofB, nextA, nextB, nextA?.Execution.StartedSeq ?? -1));
        }

        steps.Reverse();
        long last = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            last = steps[i].Seq < 0 ? last : steps[i].Seq;
            steps[i] = steps[i] with { Seq = last };
        }

        return steps;
    }

    // What is alike, and between it what stands at the same place; first what is sound, then the rest.
    private IEnumerable<(T? A, T? B)> Align<T>(List<T> first, List<T> second, Func<T, string> keyOfA, Func<T, string> keyOfB, Predicate<T> isSound)
        where T : class
    {
        var places = Alignment.Of([.. first.Select(item => Number(keyOfA(item)))], [.. second.Select(item => Number(keyOfB(item)))], out var gaveUp);
        GaveUp |= gaveUp;
        var (fromA, fromB) = (0, 0);
        for (var i = 0; i <= first.Count; i++)
        {
            var isEnd = i == first.Count;
            if (!isEnd && places[i] < 0)
            {
                continue;
            }

            var to = isEnd ? second.Count : places[i];
            foreach (var pair in InOrder(first[fromA..i], second[fromB..to], isSound))
            {
                yield return pair;
            }

            if (!isEnd)
            {
                yield return (first[i], second[to]);
                (fromA, fromB) = (i + 1, to + 1);
            }
        }
    }

    private static IEnumerable<(T? A, T? B)> InOrder<T>(List<T> first, List<T> second, Predicate<T> isSound)
        where T : class
    {
        var (atA, atB) = (0, 0);
        while (atA < first.Count || atB < second.Count)
        {
            var (ofA, ofB) = (first.ElementAtOrDefault(atA), second.ElementAtOrDefault(atB));

            // An attempt that one run has more stands alone, unless it is all that is left to stand for the other's.
            if (ofA is not null && ofB is not null && isSound(ofA) != isSound(ofB))
            {
                var isOfA = !isSound(ofA);
                var left = isOfA ? first.Count - atA : second.Count - atB;
                if (left > 1)
                {
                    yield return isOfA ? (ofA, null) : (null, ofB);
                    (atA, atB) = isOfA ? (atA + 1, atB) : (atA, atB + 1);
                    continue;
                }
            }

            yield return (ofA, ofB);
            (atA, atB) = (atA + 1, atB + 1);
        }
    }

    private static List<List<InferenceCall>> TurnsOf(RunSide side, AgentThread? thread)
    {
        var turns = new List<List<InferenceCall>>();
        foreach (var call in thread is null ? [] : side.Rollout.Index.RequestsOfThread(thread.ThreadId))
        {
            if (turns.Count == 0 || turns[^1][0].CodexTurnId != call.CodexTurnId)
            {
                turns.Add([]);
            }

            turns[^1].Add(call);
        }

        return turns;
    }

    private string KeyOf(RunSide side, List<InferenceCall> turn) =>
        side.Graph.CodexTurns.TryGetValue(turn[0].CodexTurnId, out var known) && side.Rollout.Index.InputOf(known) is { } input ? $"t{classes.Of(side, input.ItemId)}" : "t";

    private string KeyOf(RunSide side, InferenceCall call) => $"r{call.Execution.Status}:{string.Join(',', call.ResponseItemIds.Select(id => classes.Of(side, id)))}";

    private int Number(string key)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, key, out var exists);
        if (!exists)
        {
            number = keys.Count;
        }

        return number;
    }
}
