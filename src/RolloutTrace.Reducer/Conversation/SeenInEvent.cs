using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>What the event at hand has shown of items, in order, until observers are told of it.</summary>
internal sealed class SeenInEvent(ReplayState state)
{
    // No list: code for lists of a type of our own would be compiled anew at every start.
    private Sight[] sights = new Sight[64];
    private int count;

    private enum What
    {
        NewItem,
        ItemAgain,
        Repeated,
        Response,
    }

    /// <summary>An item was sent or received.</summary>
    public void Item(string itemId, bool isNew) => Add(new Sight(isNew ? What.NewItem : What.ItemAgain, itemId, IdList.Empty, IdList.Empty, 0, 0));

    /// <summary>Items were sent again that look as they did.</summary>
    public void Repeated(IdList items, int start, int end)
    {
        if (start < end)
        {
            Add(new Sight(What.Repeated, "", items, IdList.Empty, start, end));
        }
    }

    /// <summary>An inference call has a response, or another one than before.</summary>
    public void Response(string inferenceCallId, IdList former, IdList response) =>
        Add(new Sight(What.Response, inferenceCallId, former, response, 0, 0));

    /// <summary>Tells an observer of all of it.</summary>
    public void TellTo(IItemObserver observer)
    {
        for (var i = 0; i < count; i++)
        {
            ref readonly var sight = ref sights[i];
            switch (sight.What)
            {
                case What.Repeated:
                    observer.ItemsRepeated(sight.Items, sight.Start, sight.End);
                    break;
                case What.Response:
                    observer.ResponseSeen(sight.Id, sight.Items, sight.Response);
                    break;
                default:
                    observer.ItemSighted(state.Items[sight.Id], isNew: sight.What == What.NewItem);
                    break;
            }
        }

        observer.EventSeen();
    }

    /// <summary>Begins anew, for the next event.</summary>
    public void Clear()
    {
        Array.Clear(sights, 0, count);
        count = 0;
    }

    private void Add(in Sight sight)
    {
        if (count == sights.Length)
        {
            Array.Resize(ref sights, 2 * count);
        }

        sights[count++] = sight;
    }

    private readonly record struct Sight(What What, string Id, IdList Items, IdList Response, int Start, int End);
}
