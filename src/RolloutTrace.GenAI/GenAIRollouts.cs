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
/// <para>Memory grows with the spans that belong to rollouts, and by a few words for each other one.</para>
/// <para>A pause ends no rollout here. A rollout whose turns have all ended has ended, completed; one with a turn that never ended has no end.</para>
/// </remarks>
/// <param name="opener">Says where each rollout is recorded.</param>
/// <param name="options">How threads are remembered; null for the default, without a limit of time.</param>
public sealed class GenAIRollouts(IGenAIRolloutOpener opener, GenAIThreadOptions? options = null) : IForeignSpanSink
{
    private readonly SpanForest forest = new();
    private bool isComplete;

    /// <summary>How many spans were added that mean something in a rollout.</summary>
    public int SpanCount => forest.Count;

    /// <summary>How many were added that do not, such as those of a database.</summary>
    public int OtherSpanCount => forest.OtherCount;

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
        var count = forest.Count;
        var nodes = forest.Build();
        var byKey = nodes.ToDictionary(static node => node.Key);
        var counting = new CountingOpener(opener);
        var mapper = new SpanMapper(options ?? new GenAIThreadOptions { Memory = TimeSpan.FromDays(36_500) }, counting)
        {
            TurnOf = link => byKey.TryGetValue(new SpanKey(link.TraceId, link.SpanId), out var linked) ? linked.In : null,
        };
        foreach (var moment in CausalOrder.Of(nodes))
        {
            if (!moment.IsEnd)
            {
                mapper.Begin(moment.Node);
                mapper.Start(moment.Node);
            }
            else
            {
                mapper.End(moment.Node);
            }
        }

        foreach (var running in nodes.Where(static node => !node.HasEnded).OrderBy(static node => node.Reading.Span.Start).ThenBy(static node => node.Key.SpanId, StringComparer.Ordinal))
        {
            mapper.Leave(running);
        }

        mapper.EndAll();
        return new GenAIRolloutsSummary(counting.Opened, count, nodes.Count(static node => node.Role is not SpanRole.Http && node.Reading.Span.End is null));
    }
}
