using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Codex;

/// <summary>Codex's session logs, <c>rollout-*.jsonl</c>: a file is a session, or part of one.</summary>
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
        foreach (var together in files.GroupBy(static file => file.SessionId ?? $"\0{file.Path}", StringComparer.Ordinal))
        {
            // Of those that begin at the same time the longest has most.
            using var session = new CodexSession(run, [.. together.OrderBy(static file => file.FirstTime).ThenByDescending(static file => file.Bytes).ThenBy(static file => file.Path, StringComparer.Ordinal)]);
            session.Read();
        }
    }
}
