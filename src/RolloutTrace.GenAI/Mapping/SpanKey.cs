namespace RolloutTrace.GenAI.Mapping;

/// <summary>Which span it is.</summary>
internal readonly record struct SpanKey(string TraceId, string SpanId);
