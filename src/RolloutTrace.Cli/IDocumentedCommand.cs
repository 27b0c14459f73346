namespace RolloutTrace.Cli;

/// <summary>What a command's help shows besides its arguments and options.</summary>
internal interface IDocumentedCommand
{
    /// <summary>Command lines to copy, each with what it does.</summary>
    IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; }

    /// <summary>What the command's exit codes mean.</summary>
    IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings { get; }
}
