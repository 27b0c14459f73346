using RolloutTrace.Analysis.Given;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>The rollout that subjects are of, and what is said of several kinds of them in the same words.</summary>
internal sealed class SubjectScope(OpenRollout rollout)
{
    public const int PreviewLength = 80;

    public RolloutIndex Index => rollout.Index;

    public RolloutGraph Graph => rollout.Graph;

    public RolloutLiveness Liveness => rollout.Liveness;

    public FailureWords Failures => rollout.Failures;

    /// <summary>What a compaction made of the history.</summary>
    public CompactionChange ChangeOf(RecordedCompaction compaction) => new(rollout, compaction);

    /// <summary>What the state has as running, since it holds no end.</summary>
    public string WithoutEnd => Liveness switch
    {
        { IsRunning: true } => "still running",
        { IsDead: true } => "unfinished when its process died",
        { IsCut: true } => "unfinished when its recording was cut",
        { IsOver: true } => "which never ended",
        _ => "which has no end so far",
    };

    /// <summary>How something ran, to be said behind what it is.</summary>
    public string Ran(ExecutionWindow execution)
    {
        var duration = execution.EndedAtUnixMs is null ? ""
            : WallTimes.Between(execution.StartedAtUnixMs, execution.EndedAtUnixMs) is { } ms ? $" after {ms} ms"
            : " after ? ms, since the clock stepped back";
        return $", {(execution.Status == ExecutionStatus.Running ? WithoutEnd : WireName.Of(execution.Status))}{duration}";
    }

    /// <summary>Why something failed, to be said behind how it ran; nothing where nobody says. A command that ran to its end can have failed all the same.</summary>
    public static string Because(string? words, ExecutionStatus status) =>
        string.IsNullOrEmpty(words) ? "" : $", {(status == ExecutionStatus.Completed ? "but failed" : "why")}: {ItemText.Preview(words, RolloutOutline.PreviewLength)}";

    /// <summary>The events that something ran between, and payloads of it.</summary>
    public IReadOnlyList<Evidence> EvidenceOf(ExecutionWindow execution, params IEnumerable<string?> payloadIds)
    {
        var evidence = new List<Evidence> { Evidence.Event(execution.StartedSeq) };
        if (execution.EndedSeq is { } end)
        {
            evidence.Add(Evidence.Event(end));
        }

        evidence.AddRange(payloadIds.SelectMany(id => Evidence.Payload(Graph, id)));
        return evidence;
    }

    /// <summary>The effect that a thing of a kind is.</summary>
    public Effect Made(SubjectKind kind, string id, string how)
    {
        var subject = kind.Get(this, id);
        return new Effect(subject, $"{how} {subject.Describe()}");
    }

    /// <summary>The effect that an item is, with what became of the item.</summary>
    public Effect Seen(string itemId, string how)
    {
        var made = Made(SubjectKind.Item, itemId, how);
        var fate = Index.FirstRequestWith(itemId) is { } request ? $"first sent to the model in request {request.InferenceCallId}"
            : Graph.Compactions.Values.FirstOrDefault(compaction => compaction.InputItemIds.Contains(itemId)) is { } compaction
                ? $"compacted away by {compaction.CompactionId} before a request of a turn had it"
            : "never sent to the model";
        return made with { Text = $"{made.Text}; {fate}" };
    }
}
