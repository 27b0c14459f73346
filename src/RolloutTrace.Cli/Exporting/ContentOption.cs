using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>The options of exports that let message content out.</summary>
internal static class ContentOption
{
    private const int SmallestLimit = 64;

    /// <summary>Whether.</summary>
    public static FlagOption Create() => new("--content")
    {
        Description = "Put message content on the spans, as live spans have it where it is switched on: the GenAI attributes of prompts, answers, and inputs and results of tools, each cut to --content-limit. Whoever sees the spans sees it.",
    };

    /// <summary>How much of it.</summary>
    public static Option<int?> CreateLimit() => CountOption.Create(
        "--content-limit",
        "The most bytes of one attribute with content. Default: 32768, as live spans have it. A span that would be larger than receivers take has less.",
        SmallestLimit);
}
