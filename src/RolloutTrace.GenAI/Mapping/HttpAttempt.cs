using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>One HTTP request by which a request to a model was tried.</summary>
internal sealed record HttpAttempt(DateTimeOffset Start, DateTimeOffset End, bool HasFailed, string Error, SpanKey Key)
{
    public static HttpAttempt Of(SpanReading http)
    {
        var status = http.Tags.Integer("http.response.status_code", "http.status_code");
        var errorType = http.Tags.Text("error.type");
        var hasFailed = status >= 400 || errorType is not null || http.Span.Status == System.Diagnostics.ActivityStatusCode.Error;
        var error = status is { } code ? $"HTTP {code}" : errorType ?? http.Span.StatusDescription ?? "the HTTP request failed";
        return new HttpAttempt(http.Span.Start, http.Span.End ?? http.Span.Start, hasFailed, error, new SpanKey(http.Span.TraceId, http.Span.SpanId));
    }
}
