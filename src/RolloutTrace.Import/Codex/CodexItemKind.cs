namespace RolloutTrace.Import.Codex;

/// <summary>What an item of a log is to a request.</summary>
internal enum CodexItemKind
{
    /// <summary>It is none that is known.</summary>
    Unknown,

    /// <summary>The model gave it, and it calls nothing that answers.</summary>
    Answer,

    /// <summary>The model gave it, and it is a call.</summary>
    Call,

    /// <summary>A tool gave it.</summary>
    Output,

    /// <summary>The user or the program said it.</summary>
    Message,
}
