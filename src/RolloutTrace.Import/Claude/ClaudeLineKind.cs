namespace RolloutTrace.Import.Claude;

/// <summary>What a line is to a conversation.</summary>
internal enum ClaudeLineKind
{
    /// <summary>It is no part of a conversation, and kept as a breadcrumb. It may stand between two lines that are.</summary>
    Aside,

    /// <summary>A user's prompt, which begins a turn.</summary>
    Prompt,

    /// <summary>Something that the program said in the user's place: a reminder, the output of a command, a note of an interruption.</summary>
    Note,

    /// <summary>Results of tools.</summary>
    Results,

    /// <summary>Part of a model's answer.</summary>
    Answer,

    /// <summary>A request failed.</summary>
    Failure,

    /// <summary>The history was replaced.</summary>
    Boundary,

    /// <summary>The history that replaced another.</summary>
    Summary,
}
