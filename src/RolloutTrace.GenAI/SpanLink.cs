namespace RolloutTrace.GenAI;

/// <summary>One link of a span to another span.</summary>
/// <param name="TraceId">The other's trace, 32 lower-case hexadecimal digits.</param>
/// <param name="SpanId">The other's id, 16 lower-case hexadecimal digits.</param>
/// <param name="Attributes">In the order in which they came.</param>
public sealed record SpanLink(string TraceId, string SpanId, IReadOnlyList<SpanTag> Attributes);
