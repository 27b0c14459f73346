namespace RolloutTrace.GenAI;

/// <summary>One event of a span. Older conventions put each message into one.</summary>
/// <param name="Name">Its name, such as <c>gen_ai.user.message</c>.</param>
/// <param name="Time">When it happened, in UTC.</param>
/// <param name="Attributes">In the order in which they came.</param>
public sealed record SpanEvent(string Name, DateTimeOffset Time, IReadOnlyList<SpanTag> Attributes);
