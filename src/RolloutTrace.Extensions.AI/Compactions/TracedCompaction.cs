using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Requests;

namespace RolloutTrace.Extensions.AI.Compactions;

/// <summary>
/// A compaction while it goes on: told by Agent Framework's span for it, by a request that asks for a summary of what the model was
/// shown, or by a handle of the program's own. It is installed by the next request that shows the new history.
/// </summary>
internal sealed class TracedCompaction
{
    private const string CompactedTag = "compaction.compacted";

    private static readonly ConditionalWeakTable<Compaction, TracedCompaction> Known = [];

    private readonly ShownHistory? shown;
    private readonly bool hasSpan;

    private TracedCompaction(Compaction handle, ShownHistory? shown, bool hasSpan)
    {
        Handle = handle;
        this.shown = shown;
        this.hasSpan = hasSpan;
        Known.AddOrUpdate(handle, this);
    }

    public Compaction Handle { get; }

    /// <summary>What the model gave when it was asked for a summary; null if none was.</summary>
    public string? Summary { get; private set; }

    /// <summary>Whether the framework has said that the history has changed.</summary>
    public bool IsSure { get; private set; }

    /// <summary>Agent Framework has started a span for a compaction.</summary>
    public static void Begin(TracedTurn turn, Activity span)
    {
        var handle = turn.Turn.StartCompaction(new() { Span = span });
        if (!handle.IsEnabled)
        {
            return;
        }

        var compaction = new TracedCompaction(handle, turn.Conversation.Shown, hasSpan: true);
        handle.WhenSpanStops = () => compaction.SpanStopped(span);
    }

    /// <summary>The compaction that a request is made for; null if it is an ordinary one.</summary>
    /// <param name="turn">The turn that the request is in.</param>
    /// <param name="around">The compaction's handle around it; null if there is none.</param>
    /// <param name="messages">What it shows.</param>
    /// <param name="options">Its options.</param>
    /// <param name="model">The model that is asked.</param>
    public static TracedCompaction? For(TracedTurn turn, Compaction? around, ChatMessage[] messages, ChatOptions? options, string? model)
    {
        if (around is not null)
        {
            // Whoever made a handle installs it.
            return Known.TryGetValue(around, out var known) ? known : new TracedCompaction(around, shown: null, hasSpan: false);
        }

        return turn.Conversation.IsToBeSummarised(messages, options)
            ? new TracedCompaction(turn.Turn.StartCompaction(new() { Model = model }), turn.Conversation.Shown, hasSpan: false)
            : null;
    }

    public void Summarised(string summary)
    {
        Summary = summary;
        if (!hasSpan)
        {
            shown?.Waits(this);
        }
    }

    public void NotSummarised(Exception? exception)
    {
        if (hasSpan || shown is null)
        {
            return;
        }

        if (exception is null)
        {
            Handle.Cancel();
        }
        else
        {
            Handle.Fail(exception);
        }
    }

    private void SpanStopped(Activity span)
    {
        if (span.GetTagItem(CompactedTag) is true)
        {
            IsSure = true;
            shown!.Waits(this);
        }
        else
        {
            Handle.Cancel();
        }
    }
}
