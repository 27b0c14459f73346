namespace RolloutTrace.Wire;

/// <summary>Members of payloads that were made of spans of other libraries: what the spans said, as it came. They were never on the wire.</summary>
internal static class SpanMembers
{
    /// <summary>The span's attributes.</summary>
    public const string Attributes = "gen_ai";

    /// <summary>The span's events.</summary>
    public const string Events = "gen_ai_events";
}
