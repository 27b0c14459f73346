using System.Diagnostics;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>What a request or an agent's run is made inside of, as the spans around it tell.</summary>
internal sealed class Surroundings
{
    private const int MaxDepth = 64;

    private Surroundings()
    {
    }

    /// <summary>The turn that it belongs to, or is handed the work by; null if there is none around.</summary>
    public Turn? Turn { get; private set; }

    /// <summary>The tool call that it is made in; null if there is none nearer than a turn.</summary>
    public ToolCall? Tool { get; private set; }

    /// <summary>The compaction that the request is made for; null if it is made for none.</summary>
    public Compaction? Compaction { get; private set; }

    /// <summary>Whether somebody records the same request already.</summary>
    public bool IsRecorded => Attempt is not null;

    /// <summary>The attempt that it is made inside of; null if it is in none.</summary>
    public ModelAttempt? Attempt { get; private set; }

    /// <summary>The framework's span that stands for the turn, without a handle so far; null if there is none.</summary>
    public Activity? TurnSpan { get; private set; }

    /// <summary>The framework's span for this very request; null if there is none.</summary>
    public Activity? ChatSpan { get; private set; }

    /// <summary>A framework's span for a request that has turned out to hold several; null if there is none.</summary>
    public Activity? Wrapper { get; private set; }

    /// <summary>The nearest span of a workflow, without a handle so far; null if there is none.</summary>
    public Activity? Workflow { get; private set; }

    /// <summary>Whether an agent's own span is nearer than what else was found.</summary>
    public bool HasAgent { get; private set; }

    /// <summary>Looks around the current span.</summary>
    public static Surroundings Look()
    {
        var found = new Surroundings();
        var span = Activity.Current;
        for (var depth = 0; span is not null && depth < MaxDepth && !found.Take(span); depth++)
        {
            span = span.Parent ?? RolloutHandle.Of(span)?.Previous;
        }

        return found;
    }

    // Whether there is no need to look further out.
    private bool Take(Activity span)
    {
        if (span.IsStopped)
        {
            return false;
        }

        switch (RolloutHandle.Of(span))
        {
            case ToolCall call:
                Tool = call;
                return true;
            case Turn turn:
                Turn = turn;
                return true;
            case Compaction compaction:
                (Compaction, Turn) = (compaction, compaction.Turn);
                return true;
            case ModelAttempt attempt:
                Attempt = attempt;
                return true;
            case null:
                return TakeForeign(span);
            default:
                return false;
        }
    }

    private bool TakeForeign(Activity span)
    {
        switch (SpanNames.Of(span))
        {
            case SpanNames.Chat when ReferenceEquals(span, Activity.Current):
                ChatSpan = span;
                return false;
            case SpanNames.Chat when !HasAgent:
                Wrapper = span;
                return false;
            case SpanNames.ToolLoop when !HasAgent && SeenSpans.Has(span):
                TurnSpan = span;
                return false;
            case SpanNames.InvokeAgent when !HasAgent && SeenSpans.Has(span):
                TurnSpan = span;
                HasAgent = true;
                return false;
            case SpanNames.InvokeWorkflow when SeenSpans.Has(span):
                Workflow ??= span;
                return false;
            default:
                // A tool call of which nobody knows more belongs to no turn that is known.
                Tool = UnseenCalls.Start(span);
                return Tool is not null || span.OperationName.StartsWith(SpanNames.ExecuteTool, StringComparison.Ordinal);
        }
    }
}
