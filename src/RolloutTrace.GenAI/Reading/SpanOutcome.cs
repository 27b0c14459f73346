using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace.GenAI.Reading;

/// <summary>How what a span stands for came to its end.</summary>
/// <param name="Status">Completed, failed or cancelled.</param>
/// <param name="ErrorType">A code of low cardinality; null where nothing went wrong.</param>
/// <param name="Words">What is said of it; null where nothing is.</param>
internal readonly record struct SpanOutcome(ExecutionStatus Status, string? ErrorType, string? Words)
{
    public static SpanOutcome Of(ForeignSpan span, TagTable tags)
    {
        var errorType = tags.Text("error.type");
        string? words = span.StatusDescription;
        foreach (var happened in span.Events)
        {
            if (happened.Name == "exception")
            {
                var exception = new TagTable(happened.Attributes);
                errorType ??= exception.Text("exception.type");
                words = string.IsNullOrEmpty(words) ? exception.Text("exception.message") : words;
            }
        }

        words = string.IsNullOrEmpty(words) ? tags.Text("error.message") : words;
        if (span.Status != ActivityStatusCode.Error && tags.Text("error.type") is null)
        {
            return new SpanOutcome(ExecutionStatus.Completed, null, null);
        }

        return new SpanOutcome(IsCancellation(errorType) ? ExecutionStatus.Cancelled : ExecutionStatus.Failed, errorType, words ?? errorType);
    }

    private static bool IsCancellation(string? errorType) =>
        errorType is not null
        && (errorType.Contains("Cancel", StringComparison.OrdinalIgnoreCase) || errorType.Contains("AbortError", StringComparison.OrdinalIgnoreCase));
}
