using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Codex;

/// <summary>Codex's session logs, <c>rollout-*.jsonl</c>: a file is a session.</summary>
internal sealed class CodexImporter(ImportRun run) : IImporter
{
    public const string Format = "codex";

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => CodexHead.Recognizes(beginning);

    /// <inheritdoc/>
    public void Read(InputFile file)
    {
        using var session = new CodexSession(run, file);
        session.Read();
    }

    /// <inheritdoc/>
    public void Finish()
    {
        // Each file was a session of its own.
    }
}
