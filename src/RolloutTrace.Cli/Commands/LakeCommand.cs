using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace lake</c>: keeps a lake of rollouts' tables in order.</summary>
internal sealed class LakeCommand : Command, IDocumentedCommand
{
    public LakeCommand(CommandConsole console)
        : base("lake", "Keep a lake in order: the tables that 'rollout-trace export parquet' writes.") => Add(new LakeCompactCommand(console));

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples => [("rollout-trace lake compact lake", "one file a day and table instead of one a rollout")];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings => [(ExitCodes.Usage, "say what to do; nothing was done")];
}
