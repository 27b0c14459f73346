using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Puts the items of two conversations beside each other, by what they say and by their order.</summary>
internal sealed class ConversationPairs(RunSide a, RunSide b, IReadOnlyList<string> patterns)
{
    private readonly ItemClasses classes = new();

    public AlignedConversation Of(ThreadPair threads)
    {
        var (first, second) = (ItemsOf(a, threads.A), ItemsOf(b, threads.B));
        var places = Alignment.Of([.. first.Select(id => classes.Of(a, id))], [.. second.Select(id => classes.Of(b, id))], out var gaveUp);
        var pairs = new List<AlignedPair>();
        var (fromA, fromB) = (0, 0);
        for (var i = 0; i <= first.Count; i++)
        {
            var isEnd = i == first.Count;
            if (!isEnd && places[i] < 0)
            {
                continue;
            }

            var to = isEnd ? second.Count : places[i];
            pairs.AddRange(Between(first[fromA..i], second[fromB..to]));
            if (!isEnd)
            {
                pairs.Add(new AlignedPair(Item(a, first[i]), Item(b, second[to]), IsSame: true));
                (fromA, fromB) = (i + 1, to + 1);
            }
        }

        return new AlignedConversation { AgentPathA = threads.A?.AgentPath, AgentPathB = threads.B?.AgentPath, Items = pairs, GaveUp = gaveUp };
    }

    // Of what differs, one kind of thing stands beside the same kind.
    private IEnumerable<AlignedPair> Between(List<string> first, List<string> second)
    {
        var (atA, atB) = (0, 0);
        while (atA < first.Count || atB < second.Count)
        {
            if (atA == first.Count || atB == second.Count || ShapeOf(a, first[atA]) == ShapeOf(b, second[atB]))
            {
                yield return new AlignedPair(atA < first.Count ? Item(a, first[atA++]) : null, atB < second.Count ? Item(b, second[atB++]) : null, IsSame: false);
            }
            else if (second.FindIndex(atB, Math.Min(8, second.Count - atB), id => ShapeOf(b, id) == ShapeOf(a, first[atA])) > 0)
            {
                yield return new AlignedPair(null, Item(b, second[atB++]), IsSame: false);
            }
            else
            {
                yield return new AlignedPair(Item(a, first[atA++]), null, IsSame: false);
            }
        }
    }

    private static (ConversationItemKind, ConversationRole, string) ShapeOf(RunSide side, string id)
    {
        var item = side.Item(id);
        return (item.Kind, item.Role, RunSide.IsCall(item) || RunSide.IsOutput(item) ? side.NameOf(item) : "");
    }

    private static List<string> ItemsOf(RunSide side, AgentThread? thread) =>
        thread is null ? [] : [.. thread.ConversationItemIds.Where(id => !side.Rollout.Index.IsRepetition(id))];

    private AlignedItem Item(RunSide side, string id)
    {
        var item = side.Item(id);
        var text = side.TextOf(item);
        return new AlignedItem(
            id,
            RunSide.IsCall(item) || RunSide.IsOutput(item) ? side.NameOf(item) : "",
            text,
            [.. side.Spans(text, item.FirstSeenAtUnixMs).Select(span => new VolatilePiece(span.Start, span.Length, VolatileTally.NameOf(span.Kind, patterns)))]);
    }
}
