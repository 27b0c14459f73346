using RolloutTrace.Import.Claude;
using RolloutTrace.Import.Codex;

namespace RolloutTrace.Import;

/// <summary>The importers that there are. The first that recognizes a file reads it.</summary>
internal static class Importers
{
    public static IReadOnlyList<IImporter> Create(ImportRun run) =>
    [
        new CodexImporter(run),
        new ClaudeImporter(run),
    ];
}
