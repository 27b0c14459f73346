using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Files;

/// <summary>
/// Finds the spans that are around the work of several agents and say nothing else of themselves: a crew, a graph. That is seen only when
/// all that is below is there.
/// </summary>
internal static class AgentGroups
{
    /// <summary>Makes workflows of the innermost spans around different agents.</summary>
    /// <param name="nodes">All spans that matter.</param>
    /// <param name="isMissing">Whether a span never came: of such a one nothing is known, so that it groups nothing.</param>
    public static void Mark(IReadOnlyCollection<SpanNode> nodes, Predicate<SpanNode> isMissing)
    {
        var below = new Dictionary<SpanNode, List<Member>>();
        foreach (var agent in nodes)
        {
            if (agent is { Role: SpanRole.Agent, Parent: { Role: SpanRole.Wrapper } around })
            {
                Add(below, around, [Member.Of(agent)]);
            }
        }

        var queue = new PriorityQueue<SpanNode, int>(below.Keys.Select(static node => (node, -node.Depth)));
        while (queue.TryDequeue(out var around, out _))
        {
            if (!below.Remove(around, out var agents))
            {
                continue;
            }

            if (!isMissing(around) && AreOneGroup(around, agents))
            {
                around.IsWorkflow = true;
            }
            else if (around.Parent is { Role: SpanRole.Wrapper } outer)
            {
                if (!below.ContainsKey(outer))
                {
                    queue.Enqueue(outer, -outer.Depth);
                }

                Add(below, outer, agents);
            }
        }
    }

    private static void Add(Dictionary<SpanNode, List<Member>> below, SpanNode around, List<Member> agents)
    {
        if (below.TryGetValue(around, out var known) && known.Count >= agents.Count)
        {
            known.AddRange(agents);
        }
        else
        {
            agents.AddRange(known ?? []);
            below[around] = agents;
        }
    }

    // Where conversations are named, these say what belongs together. One agent that works several times at once is asked by several.
    private static bool AreOneGroup(SpanNode around, List<Member> agents)
    {
        if (agents.Count < 2 || agents.Exists(static agent => agent.NamesConversation) || Member.Of(around).NamesConversation)
        {
            return false;
        }

        var ends = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (node, identity, _) in agents.OrderBy(static agent => agent.Node.Start).ThenBy(static agent => agent.Node.End ?? DateTimeOffset.MaxValue))
        {
            if (ends.TryGetValue(identity, out var end) && node.Start < end)
            {
                return false;
            }

            ends[identity] = node.End ?? DateTimeOffset.MaxValue;
        }

        return ends.Count > 1;
    }

    private readonly record struct Member(SpanNode Node, string Identity, bool NamesConversation)
    {
        public static Member Of(SpanNode node)
        {
            var reading = node.Peek();
            return new Member(
                node, reading.Agent.Id ?? reading.Agent.Name ?? reading.Span.Name,
                reading.Agent.ConversationId is { } id && !RequestIds.AreResponses(id));
        }
    }
}
