using System.Diagnostics;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// A span that the pipeline inside is going to start for what the middleware has just seen begin. The boundary waits for it, so that
/// it is shown as one span. Safe for concurrent use.
/// </summary>
/// <param name="operation">What the span stands for.</param>
/// <param name="begin">Begins the boundary, with the span or without one; called once.</param>
internal sealed class ExpectedSpan(string operation, Action<Activity?> begin)
{
    private static readonly AsyncLocal<ExpectedSpan?> Current = new();

    private int hasBegun;

    /// <summary>The span is expected of what is called from here on. To be called in the method that calls it.</summary>
    public void Expect() => Current.Value = this;

    /// <summary>Begins the boundary without a span, if none has come.</summary>
    public void GiveUp()
    {
        if (Interlocked.Exchange(ref hasBegun, 1) == 0)
        {
            begin(null);
        }
    }

    /// <summary>Whether the span that starts is one that was expected.</summary>
    public static bool TryTake(Activity span) => Current.Value is { } expected && expected.IsFor(span) && expected.Begin(span);

    // Agent Framework starts the span of a run as one of a chat, and renames it.
    private bool IsFor(Activity span) =>
        span.OperationName.StartsWith(operation, StringComparison.Ordinal) || span.OperationName.StartsWith(SpanNames.Chat, StringComparison.Ordinal);

    private bool Begin(Activity span)
    {
        if (Interlocked.Exchange(ref hasBegun, 1) != 0)
        {
            return false;
        }

        begin(span);
        return true;
    }
}
