using RolloutTrace.Import.Claude;
using RolloutTrace.Import.Codex;
using RolloutTrace.Import.Records;
using RolloutTrace.Import.Spans;

namespace RolloutTrace.Import;

/// <summary>The importers that there are. The first that recognizes a file reads it.</summary>
internal static class Importers
{
    public static IReadOnlyList<IImporter> Create(ImportRun run)
    {
        var spans = new SpanFeed(run);
        return
        [
            new CodexImporter(run),
            new ClaudeImporter(run),
            new RecordsImporter(run, spans),
            new JaegerImporter(run, spans),
            new OtlpJsonImporter(run, spans),
            new OtlpProtobufImporter(run, spans),
            new ConsoleImporter(run, spans),
        ];
    }
}
