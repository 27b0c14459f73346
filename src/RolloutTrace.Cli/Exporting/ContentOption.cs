namespace RolloutTrace.Cli;

/// <summary>The option of exports that lets message content out.</summary>
internal static class ContentOption
{
    public static FlagOption Create() => new("--content")
    {
        Description = "Put message content on the spans, as live spans have it where it is switched on: the GenAI attributes of prompts, answers, and inputs and results of tools, each cut to 3072 bytes. Whoever sees the spans sees it.",
    };
}
