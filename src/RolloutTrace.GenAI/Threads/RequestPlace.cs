namespace RolloutTrace.GenAI.Threads;

/// <summary>Where a request's span was. Programs with nothing of an agent around their requests may have many conversations at once that are equal so far.</summary>
/// <param name="TraceId">Its trace.</param>
/// <param name="ParentSpanId">What was around it; null or empty if nothing was.</param>
internal readonly record struct RequestPlace(string TraceId, string? ParentSpanId)
{
    public static RequestPlace Of(ForeignSpan request) => new(request.TraceId, request.ParentSpanId);

    /// <summary>Whether nothing was around it.</summary>
    public bool IsAlone => string.IsNullOrEmpty(ParentSpanId);

    /// <summary>How near another span is: 2 beside it, 1 in its trace, 0 elsewhere.</summary>
    public int NearnessOf(ForeignSpan span) => span.TraceId != TraceId ? 0 : IsAlone || span.ParentSpanId != ParentSpanId ? 1 : 2;
}
