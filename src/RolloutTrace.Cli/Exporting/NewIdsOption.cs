using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>The option of exports that gives spans other ids than those of the recording.</summary>
internal static class NewIdsOption
{
    public static Option<string?> Create() => new("--new-ids")
    {
        Description = "Give the spans other ids, derived from this word and theirs: a rollout that a back end has already stands there once more, and again the same with the same word.",
        HelpName = "WORD",
    };
}
