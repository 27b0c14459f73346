using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>A compaction of a thread's history: from deciding to compact until the new history is live, or given up.</summary>
public sealed class Compaction : RolloutHandle
{
    private Compaction()
        : base(Rollout.Disabled)
    {
        Turn = Turn.Disabled;
        CompactionId = Model = string.Empty;
    }

    private Compaction(Turn turn, string model, string compactionId)
        : base(turn.Rollout)
    {
        Turn = turn;
        Model = model;
        CompactionId = compactionId;
    }

    /// <summary>Id of the compaction, unique in the rollout. Empty if nobody listens.</summary>
    public string CompactionId { get; }

    internal static Compaction Disabled { get; } = new();

    internal Turn Turn { get; }

    internal override Turn? OwnTurn => Turn;

    internal string Model { get; }

    private protected override RolloutEventContext EventContext => new(Turn.Session.ThreadId, Turn.TurnId, Activity) { SpanAttributes = Carried };

    /// <summary>A model request of the compaction, one attempt, goes out.</summary>
    /// <param name="request">The request as sent; not empty.</param>
    /// <param name="options">What else is known.</param>
    public CompactionRequest StartRequest(in JsonPayload request, in ModelRequestOptions options = default) =>
        IsEnabled ? CompactionRequest.Start(this, request, options) : CompactionRequest.Disabled;

    /// <summary>The new history took the old one's place. The thread's next model request links to the compaction.</summary>
    /// <param name="inputHistory">The old history, a list of items.</param>
    /// <param name="replacementHistory">The new history, a list of items.</param>
    public void Install(in JsonPayload inputHistory, in JsonPayload replacementHistory)
    {
        if (TryEnd())
        {
            RecordInstalled(inputHistory, replacementHistory);
        }
    }

    // By itself, so that nothing is made ready for it where nobody listens.
    private void RecordInstalled(in JsonPayload inputHistory, in JsonPayload replacementHistory)
    {
        Turn.Session.PendingLinks.Add(LinkKind.CompactedBy, SpanContext);
        if (WantsTags)
        {
            Activity!.SetTag(RolloutAttributes.Compaction.Installed, SpanTags.True);
            Activity.SetTag(RolloutAttributes.GenAI.ConversationCompacted, SpanTags.True);
            Activity.SetTag(RolloutAttributes.Compaction.InputItems, PayloadPeek.ItemCount(inputHistory));
            Activity.SetTag(RolloutAttributes.Compaction.ReplacementItems, PayloadPeek.ItemCount(replacementHistory));
        }

        if (Rollout.IsRecorded)
        {
            var checkpoint = new CheckpointPayload
            {
                InputHistory = inputHistory.Or("[]"),
                ReplacementHistory = replacementHistory.Or("[]"),
            };
            Rollout.Record(
                EventContext,
                PayloadKind.CompactionCheckpoint,
                JsonPayload.From(checkpoint, PayloadJsonContext.Default.CheckpointPayload),
                CompactionId,
                static (id, reference) => new CompactionInstalledEvent { CompactionId = id, CheckpointPayload = reference });
        }

        Finish(ExecutionStatus.Completed);
    }

    /// <summary>The compaction failed; the old history stays.</summary>
    /// <param name="errorType">A code of low cardinality, such as an exception's type; not a message.</param>
    public void Fail(string? errorType = null) => GiveUp(ExecutionStatus.Failed, new Failure(errorType));

    /// <summary>The compaction failed by an exception; the old history stays.</summary>
    public void Fail(Exception exception) => GiveUp(ExecutionStatus.Failed, new Failure(exception));

    /// <summary>The compaction was given up; the old history stays.</summary>
    public void Cancel() => GiveUp(ExecutionStatus.Cancelled);

    internal static Compaction Start(Turn turn, string model, in CompactionOptions options)
    {
        var compaction = new Compaction(turn, model, GivenIds.Take(turn.Rollout.Ids.Compactions, options.CompactionId) ?? turn.Session.NewId());
        var tags = turn.CommonTags();
        tags.Add(RolloutAttributes.Compaction.Model, model);
        tags.Add(RolloutAttributes.Compaction.Id, compaction.CompactionId);
        if (options.Span is { } span)
        {
            compaction.Adopt(span, tags);
        }
        else if (CurrentSpan.Create(turn.Rollout.Source, $"compact {model}", ActivityKind.Internal, turn.SpanContext, tags) is { } activity)
        {
            compaction.Attach(activity);
        }
        else
        {
            return Disabled;
        }

        if (model != turn.ModelOrUnknown)
        {
            compaction.Carry(RolloutAttributes.Compaction.Model, model);
        }

        compaction.Begin();
        return compaction;
    }

    // Only a checkpoint that was installed is an event: until then nothing has changed.
    private protected override void RecordStart()
    {
    }

    private protected override void RecordAborted() => SetNotInstalled();

    private void GiveUp(ExecutionStatus status, in Failure failure = default)
    {
        if (TryEnd())
        {
            SetNotInstalled();
            Finish(status, failure);
        }
    }

    private void SetNotInstalled()
    {
        if (WantsTags)
        {
            Activity!.SetTag(RolloutAttributes.Compaction.Installed, SpanTags.False);
        }
    }
}
