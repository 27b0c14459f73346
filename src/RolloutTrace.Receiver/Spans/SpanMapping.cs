using RolloutTrace.GenAI;
using RolloutTrace.GenAI.Files;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Import;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Spans;

namespace RolloutTrace.Receiver.Spans;

/// <summary>Makes bundles of files of spans, as an import of these files does, but for what raw events tell.</summary>
internal static class SpanMapping
{
    /// <summary>Writes the bundles.</summary>
    /// <param name="files">The files; the same span may stand in several.</param>
    /// <param name="output">The directory that gets them.</param>
    /// <param name="lost">How many messages are in none of them, since the spans for which they were logged did not come.</param>
    /// <returns>Their directories.</returns>
    /// <exception cref="IOException">They cannot be read, or written.</exception>
    public static IReadOnlyList<string> Map(IReadOnlyList<string> files, string output, out int lost)
    {
        var run = new ImportRun(output, new ImportOptions());
        var places = new SpanPlaces();
        foreach (var path in files)
        {
            Read(path, run.Silent(), places.Add);
        }

        var feed = new SpanFeed(run);
        foreach (var path in files)
        {
            using var file = InputFile.Open(path);
            feed.Add(file, add => Read(file, run, span =>
            {
                if (!places.IsTold(span))
                {
                    add(span);
                }
            }, feed.AddEvent));
        }

        feed.Complete();
        lost = feed.LostEventCount;
        var result = run.Result();
        return result.Diagnostics.FirstOrDefault(static diagnostic => diagnostic.Code == ImportCodes.BundleUnwritable) is { } unwritable
            ? throw new IOException($"{unwritable.File} {unwritable.Message}")
            : [.. result.Rollouts.Select(static rollout => rollout.Bundle)];
    }

    /// <summary>By what a trace is bound to others, with all that was logged for its spans.</summary>
    /// <param name="files">Its files.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static TraceBonds BondsOf(IReadOnlyList<string> files) => Look(files, static forest =>
    {
        var bonds = new TraceBonds();
        forest.Build().ForEach(node => bonds.Add(node.Peek()));
        return bonds;
    });

    /// <summary>How many messages were logged for spans that did not come.</summary>
    /// <param name="files">The files.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static int LostIn(IReadOnlyList<string> files) => Look(files, static forest =>
    {
        forest.Build();
        return forest.LostEvents;
    });

    private static T Look<T>(IReadOnlyList<string> files, Func<SpanForest, T> look)
    {
        var forest = new SpanForest();
        try
        {
            foreach (var path in files)
            {
                Read(path, forest.Add, (traceId, spanId, happened) => forest.AddEvent(new SpanKey(traceId, spanId), happened));
            }

            return look(forest);
        }
        finally
        {
            forest.Close();
        }
    }

    /// <summary>Reads the spans of a file; of one that is torn at its end those before that.</summary>
    /// <param name="path">The file.</param>
    /// <param name="add">Takes a span.</param>
    /// <param name="addEvent">Takes what was logged for a span: its trace, its id and the event; null for nobody.</param>
    public static void Read(string path, Action<ForeignSpan> add, Action<string, string, SpanEvent>? addEvent = null) => Read(path, new ImportRun("", new ImportOptions()), add, addEvent);

    private static void Read(string path, ImportRun run, Action<ForeignSpan> add, Action<string, string, SpanEvent>? addEvent = null)
    {
        using var file = InputFile.Open(path);
        Read(file, run, add, addEvent);
    }

    private static void Read(InputFile file, ImportRun run, Action<ForeignSpan> add, Action<string, string, SpanEvent>? addEvent = null)
    {
        if (JsonShape.IsJson(file.Beginning))
        {
            new OtlpJsonReader(file, run, add, addEvent).Read();
        }
        else if (OtlpFraming.Of(file.Beginning) is not null)
        {
            new OtlpProtobufReader(file, run, add, addEvent).Read();
        }
    }
}
