using RolloutTrace.GenAI.Files;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI;

/// <summary>
/// Makes rollouts of spans that have been, from files or from the wire: all spans are added, in any order, and then the rollouts are
/// written. The same spans give the same events, with ids that follow from them, in whatever order and however often they come. Not
/// safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>
/// Memory grows by a few words a span, and with what is open when the rollouts are written: what spans say is kept on the disk from some 32 MB
/// on, in the temporary directory, in a file without a name. Where there is no room for it, it is kept in memory.
/// </para>
/// <para>A pause ends no rollout here. A rollout whose turns have all ended has ended, completed; one with a turn that never ended has no end.</para>
/// </remarks>
/// <param name="opener">Says where each rollout is recorded.</param>
/// <param name="options">How threads are remembered; null for the default, without a limit of time.</param>
public sealed class GenAIRollouts(IGenAIRolloutOpener opener, GenAIThreadOptions? options = null) : IForeignSpanSink
{
    private readonly SpanForest forest = new();
    private bool isComplete;

    internal GenAIRollouts(IGenAIRolloutOpener opener, GenAIThreadOptions? options, long inMemory)
        : this(opener, options) => forest = new SpanForest(inMemory);

    /// <summary>How many spans were added that mean something in a rollout.</summary>
    public int SpanCount => forest.Count;

    /// <summary>How many were added that do not, such as those of a database.</summary>
    public int OtherSpanCount => forest.OtherCount;

    /// <summary>
    /// How many of the others say that they are part of such work, of a kind that no rollout has, such as <c>retriever</c> or
    /// <c>embedding</c>: by that word, in lower case. Of many kinds the first 64.
    /// </summary>
    public IReadOnlyDictionary<string, int> NotRecorded => forest.NotRecorded;

    /// <summary>
    /// How many events that were logged for spans are in no rollout, since their spans did not come; the same one that came several times counts once. Known when the rollouts have been
    /// written.
    /// </summary>
    public int LostEventCount => forest.LostEvents;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The rollouts have been written.</exception>
    public void Add(ForeignSpan span)
    {
        ArgumentNullException.ThrowIfNull(span);
        if (isComplete)
        {
            throw new InvalidOperationException("the rollouts have been written; spans come before");
        }

        forest.Add(span);
    }

    /// <summary>
    /// Adds an event that was logged for a span, such as a message: what the conventions let stand on a span or in a log. It counts as one of
    /// the span's own. The same one may come again, and before its span.
    /// </summary>
    /// <param name="traceId">The span's trace, in hexadecimal.</param>
    /// <param name="spanId">The span, in hexadecimal.</param>
    /// <param name="happened">The event; a structured body is its attribute <c>body</c>.</param>
    /// <exception cref="InvalidOperationException">The rollouts have been written.</exception>
    public void AddEvent(string traceId, string spanId, SpanEvent happened)
    {
        ArgumentException.ThrowIfNullOrEmpty(traceId);
        ArgumentException.ThrowIfNullOrEmpty(spanId);
        ArgumentNullException.ThrowIfNull(happened);
        if (isComplete)
        {
            throw new InvalidOperationException("the rollouts have been written; events come before");
        }

        forest.AddEvent(new SpanKey(traceId, spanId), happened);
    }

    /// <summary>All spans are there: writes the rollouts. It is called once.</summary>
    /// <returns>What was made of the spans.</returns>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public GenAIRolloutsSummary Complete()
    {
        if (isComplete)
        {
            throw new InvalidOperationException("the rollouts have been written");
        }

        isComplete = true;
        try
        {
            return Write();
        }
        finally
        {
            forest.Close();
        }
    }

    private GenAIRolloutsSummary Write()
    {
        var count = forest.Count;
        var nodes = forest.Build();
        var running = nodes.Where(static node => node.End is null).OrderBy(static node => node.Start).ThenBy(static node => node.Key.SpanId, StringComparer.Ordinal).ToList();
        var linked = LinkTargets(nodes);
        var counting = new CountingOpener(opener);
        var mapper = new SpanMapper(options ?? new GenAIThreadOptions { Memory = TimeSpan.FromDays(36_500) }, counting)
        {
            TurnOf = link => linked.TryGetValue(new SpanKey(link.TraceId, link.SpanId), out var target) ? target.In : null,
        };

        // What has ended is not kept here, so that it is there only as long as something open needs it.
        var moments = CausalOrder.Of(nodes);
        nodes.Clear();
        for (var i = 0; i < moments.Count; i++)
        {
            var node = moments[i].Node;
            if (!moments[i].IsEnd)
            {
                mapper.Begin(node);
                mapper.Start(node);
            }
            else
            {
                mapper.End(node);
                node.Release();
                forest.PutAside(node.Turn?.Thread?.History ?? []);
            }

            moments[i] = default;
        }

        running.ForEach(mapper.Leave);
        mapper.EndAll();
        return new GenAIRolloutsSummary(counting.Opened, count, running.Count(static node => node.Role is not SpanRole.Http));
    }

    private static Dictionary<SpanKey, SpanNode> LinkTargets(List<SpanNode> nodes)
    {
        var keys = nodes.SelectMany(static node => node.Links).Select(static link => new SpanKey(link.TraceId, link.SpanId)).ToHashSet();
        return nodes.Where(node => keys.Contains(node.Key)).ToDictionary(static node => node.Key);
    }
}
