using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Compares a step of a thread: what the requests showed, and, where that is alike, what was answered.</summary>
internal sealed class StepComparison(RunComparison run, ThreadState thread)
{
    // Of a step that begins alike, everything that differs is a cause; later, only what nothing in the run can have brought about.
    private readonly bool beganAlike = thread.Cause is null;

    private SideHistory A => thread.A;

    private SideHistory B => thread.B;

    /// <summary>Compares requests that stand for each other.</summary>
    public void OfBoth(InferenceCall first, InferenceCall second)
    {
        var places = new Places(thread, first, second, DifferenceSide.Both);
        var (differs, isNew) = Given(first, second, places);
        var installed = Compaction(first, second, places);
        var comparison = run.Items(thread);
        var pairs = comparison.Of(first.RequestItemIds, second.RequestItemIds, out var areAlike);
        var told = Items(pairs, places, installed) | installed;
        if (comparison.GaveUp)
        {
            run.GiveUp($"requests {first.InferenceCallId} and {second.InferenceCallId} differ in more items than are compared");
        }

        if (areAlike && !differs)
        {
            thread.Cause = null;
            Answers(first, second, places);
            return;
        }

        if (!told && !isNew)
        {
            thread.Cause?.Causes(1);
        }

        Follow(first, second);
    }

    /// <summary>Looks at a request that only one run has.</summary>
    public void OfOne(Step step)
    {
        var (isA, call) = (step.A is not null, (step.A ?? step.B)!);
        var other = isA ? step.NextB : step.NextA;
        var places = isA ? new Places(thread, call, other, DifferenceSide.A) : new Places(thread, other, call, DifferenceSide.B);
        IEnumerable<string> shown = other?.RequestItemIds ?? (isA ? B.Last : A.Last);
        var comparison = run.Items(thread);
        var pairs = isA ? comparison.Of(call.RequestItemIds, shown, out _) : comparison.Of(shown, call.RequestItemIds, out _);

        // What the other run's request has more is told when it is compared with its own like.
        var own = pairs.Where(pair => (isA ? pair.A : pair.B) is not null).Select(pair => isA ? pair with { B = null } : pair with { A = null }).ToList();
        var told = Items(own, places, areExplained: false);
        if (thread.Cause is { } cause)
        {
            cause.Causes((told ? 0 : 1) + (call.RawResponsePayloadId is null ? 0 : 1));
            (isA ? A : B).Chose(call.ResponseItemIds);
            return;
        }

        if (call.Execution.Status != ExecutionStatus.Completed)
        {
            run.Add(places.Difference(DifferenceKind.Attempt, SubjectOf(call.Execution.Status)));
            return;
        }

        Choose(isA ? call : other, isA ? other : call, isA, places);
    }

    // A further answer to what the other run's model was shown too.
    private void Choose(InferenceCall? first, InferenceCall? second, bool isA, Places places)
    {
        var (ofA, ofB) = (first?.ResponseItemIds ?? IdList.Empty, second?.ResponseItemIds ?? IdList.Empty);
        var difference = run.Responses.Of(ofA, ofB)
            ?? run.Responses.Of(isA ? ofA : IdList.Empty, isA ? IdList.Empty : ofB)
            ?? new ResponseDifference(DifferenceSubject.Text, null, null, null);
        thread.Follows(run.Add(places.Difference(DifferenceKind.Choice, difference.What, difference.Name, null, difference.ItemA, difference.ItemB)));
        (isA ? A : B).Chose(isA ? ofA : ofB);
    }

    // What a helper is given differs where what made it does, or what the same harness gave its parent.
    private (bool Any, bool IsNew) Given(InferenceCall first, InferenceCall second, Places places)
    {
        var differences = run.Given.Of(first, second);
        var isNew = false;
        foreach (var difference in differences.Where(thread.TryTell))
        {
            if (thread.Parent?.Cause is { } cause)
            {
                thread.Follows(cause);
                continue;
            }

            isNew = true;
            thread.Follows(run.Add(places.Difference(DifferenceKind.Input, difference.What, difference.Name, difference.A, difference.B)));
        }

        return (differences.Count > 0, isNew);
    }

    private bool Compaction(InferenceCall first, InferenceCall second, Places places)
    {
        var ofA = A.Side.CompactionsBetween(first.ThreadId, A.LastSeq, first.Execution.StartedSeq);
        var ofB = B.Side.CompactionsBetween(second.ThreadId, B.LastSeq, second.Execution.StartedSeq);
        if (ofA.Count == ofB.Count || !beganAlike)
        {
            return false;
        }

        var (itemA, itemB) = (ofA.Count > ofB.Count ? SummaryOf(A, ofA[^1], first) : null, ofB.Count > ofA.Count ? SummaryOf(B, ofB[^1], second) : null);
        thread.Follows(run.Add(places.Difference(DifferenceKind.Input, DifferenceSubject.Item, null, DifferenceSource.Compaction, itemA, itemB)));
        return true;
    }

    // Of what a compaction left, the summary; else what is new, at least what is first.
    private static string? SummaryOf(SideHistory history, RecordedCompaction compaction, InferenceCall call)
    {
        var left = compaction.ReplacementItemIds.Where(call.RequestItemIds.Contains).ToList();
        var before = compaction.InputItemIds.Select(id => ItemText.Of(history.Side.Item(id))).ToHashSet(StringComparer.Ordinal);
        return left.Find(id => history.Side.Item(id).Channel == ConversationChannel.Summary)
            ?? left.Find(id => !before.Contains(ItemText.Of(history.Side.Item(id))))
            ?? left.FirstOrDefault();
    }

    // True if one of them is told of as a difference.
    private bool Items(IReadOnlyList<ItemPair> pairs, Places places, bool areExplained)
    {
        var told = false;
        foreach (var pair in pairs)
        {
            thread.Tell(pair.A, pair.B);
            if (areExplained || pair.IsConsequence)
            {
                Follow();
                continue;
            }

            if (Elsewhere(pair) is { } cause)
            {
                thread.Follows(cause);
                continue;
            }

            if (pair.Source is DifferenceSource.User or DifferenceSource.ToolOutput || beganAlike)
            {
                told = true;
                thread.Follows(run.Add(places.Difference(DifferenceKind.Input, DifferenceSubject.Item, pair.Name, pair.Source, pair.A, pair.B)));
            }
        }

        return told;
    }

    private void Follow()
    {
        if (thread.Cause is null && thread.Differed is { } last)
        {
            thread.Follows(last);
        }
    }

    // What came from another agent differs because that one does; of a helper, all that is said to it comes from one.
    private OpenDifference? Elsewhere(ItemPair pair) => pair.Source switch
    {
        DifferenceSource.ToolOutput => run.AgentsOf(thread, pair.A, pair.B).Select(static agent => agent.Differed).FirstOrDefault(static cause => cause is not null),
        DifferenceSource.Harness => run.SendersOf(pair.A, pair.B).Select(static agent => agent.Differed).FirstOrDefault(static cause => cause is not null) ?? thread.Parent?.Cause,
        DifferenceSource.User => thread.Parent?.Cause,
        _ => null,
    };

    private void Answers(InferenceCall first, InferenceCall second, Places places)
    {
        if (first.Execution.Status != second.Execution.Status && (IsAttempt(first) || IsAttempt(second)))
        {
            var status = IsAttempt(second) ? second.Execution.Status : first.Execution.Status;
            thread.Follows(run.Add(places.Difference(DifferenceKind.Attempt, SubjectOf(status))));
            Chose(first, second);
            return;
        }

        if (AreAnswersKnown(first, second) && run.Responses.Of(first.ResponseItemIds, second.ResponseItemIds) is { } difference)
        {
            thread.Follows(run.Add(places.Difference(DifferenceKind.Choice, difference.What, difference.Name, null, difference.ItemA, difference.ItemB)));
            Chose(first, second);
        }
    }

    private void Follow(InferenceCall first, InferenceCall second)
    {
        if (AreAnswersKnown(first, second) && run.Responses.Of(first.ResponseItemIds, second.ResponseItemIds) is not null)
        {
            thread.Cause?.Causes(1);
            Chose(first, second);
        }
    }

    private void Chose(InferenceCall first, InferenceCall second)
    {
        var (ofA, ofB) = run.Responses.Unlike(first.ResponseItemIds, second.ResponseItemIds);
        A.Chose(ofA);
        B.Chose(ofB);
    }

    private bool AreAnswersKnown(InferenceCall first, InferenceCall second) =>
        !A.Side.Rollout.Facts.UnknownResponses.ContainsKey(first.InferenceCallId) && !B.Side.Rollout.Facts.UnknownResponses.ContainsKey(second.InferenceCallId);

    private static bool IsAttempt(InferenceCall call) => call.Execution.Status != ExecutionStatus.Completed;

    private static DifferenceSubject SubjectOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => DifferenceSubject.Running,
        ExecutionStatus.Failed => DifferenceSubject.Failed,
        _ => DifferenceSubject.Cancelled,
    };
}
