using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Codex;

/// <summary>Codex's session logs, <c>rollout-*.jsonl</c>: a file is a session, or part of one. Those of the agents that a session's agent spawned are of its rollout.</summary>
internal sealed class CodexImporter(ImportRun run) : IImporter
{
    public const string Format = "codex";

    private readonly List<CodexFile> files = [];

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => CodexHead.Recognizes(beginning);

    /// <inheritdoc/>
    public void Read(InputFile file) => files.Add(CodexFile.Of(file));

    /// <inheritdoc/>
    public void Finish()
    {
        // Of those that begin at the same time the longest has most.
        var sessions = CodexSource.Relate([.. files.GroupBy(static file => file.SessionId ?? $"\0{file.Path}", StringComparer.Ordinal).Select(static together => new CodexSource
        {
            Files = [.. together.OrderBy(static file => file.FirstTime).ThenByDescending(static file => file.Bytes).ThenBy(static file => file.Path, StringComparer.Ordinal)],
        })]);
        foreach (var session in sessions.Where(static session => session.Parent is null))
        {
            using var rollout = new CodexRollout(run, session);
            rollout.Write();
        }
    }
}
