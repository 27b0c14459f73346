using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Codex;

/// <summary>Codex's session logs, <c>rollout-*.jsonl</c>: a file is a session.</summary>
internal sealed class CodexImporter(ImportRun run) : IImporter
{
    public const string Format = "codex";

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => LineHeads.Any(beginning, static members =>
        members.ContainsKey("timestamp") && members.ContainsKey("payload") && members.GetValueOrDefault("type") is { Length: > 0 });

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
