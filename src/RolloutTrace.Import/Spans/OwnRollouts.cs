using RolloutTrace.Bundle;
using RolloutTrace.GenAI;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import.Spans;

/// <summary>
/// Rollouts from spans of this library's own, such as an export has written: nothing has to be guessed, since each says what it is. Ids,
/// conversation, calls, agents and tokens are those of the recording, as far as the spans have their content.
/// </summary>
internal sealed class OwnRollouts(ImportRun run)
{
    private readonly LogSpool spool = new(run.InMemory);
    private readonly SortedDictionary<string, Dictionary<string, OwnSpan>> rollouts = new(StringComparer.Ordinal);

    /// <summary>How many spans there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes one more. The same one may come again: the first that has ended counts.</summary>
    public void Add(ForeignSpan span)
    {
        var own = new OwnSpan(span, spool);
        var id = own.Text(RolloutAttributes.Id)!;
        if (!rollouts.TryGetValue(id, out var spans))
        {
            rollouts.Add(id, spans = new Dictionary<string, OwnSpan>(StringComparer.Ordinal));
        }

        var key = $"{span.TraceId}-{span.SpanId}";
        if (!spans.TryGetValue(key, out var known) || (known.Span.End is null && span.End is not null))
        {
            Count += known is null ? 1 : 0;
            spans[key] = own;
        }
    }

    /// <summary>Writes them.</summary>
    /// <param name="source">The file that diagnostics name.</param>
    public void Complete(string source)
    {
        foreach (var (id, spans) in rollouts)
        {
            var root = spans.Values.Where(static span => span.Text(RolloutAttributes.Thread.Origin) == "root").Select(static span => span.ThreadId).FirstOrDefault()
                ?? spans.Values.Select(static span => span.Text(RolloutAttributes.GenAI.ConversationId)).FirstOrDefault(static conversation => conversation is not null)
                ?? id;
            using var bundle = run.CreateBundle(
                new BundleManifest
                {
                    TraceId = DerivedId.Of(SpanFeed.Format, id),
                    RolloutId = id,
                    RootThreadId = root,
                    StartedAtUnixMs = Math.Max(0, spans.Values.Min(static span => span.Span.Start).ToUnixTimeMilliseconds()),
                },
                source);
            if (bundle is not null)
            {
                new OwnRollout(bundle, spans).Write();
                run.Complete(bundle, SpanFeed.Format, source);
            }
        }

        spool.Close();
    }
}
