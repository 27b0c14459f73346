using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>What one thread's model has seen, with the indexes by which an item is known again.</summary>
internal sealed class ThreadConversation(Journal journal, SameItem sameItem, ItemMarks marks)
{
    private readonly JournaledTable<string, IdList>[] byCallId =
        [.. Enum.GetValues<ConversationItemKind>().Select(_ => new JournaledTable<string, IdList>(journal, StringComparer.Ordinal))];

    private RepeatedInput? repeated;

    /// <summary>What the model has seen last, in order: the last request's items and the responses since.</summary>
    public JournaledCell<History> Snapshot { get; } = new(journal, History.Empty);

    /// <summary>The history that a compaction has installed, until a full request shows it.</summary>
    public JournaledCell<History?> Baseline { get; } = new(journal, null);

    /// <summary>Items that are the same, in order of creation.</summary>
    public JournaledTable<ItemContent, IdList> ByContent { get; } = new(journal, sameItem);

    /// <summary>Marks on items. An item is doubled where another one may say the same, or where it has an id of ours, which says its place too.</summary>
    public ItemMarks Marks { get; } = marks;

    /// <summary>The names of the functions whose calls and outputs have no ids of their own, by the ids that they were given here.</summary>
    public JournaledTable<string, string> LinkNames { get; } = new(journal, StringComparer.Ordinal);

    /// <summary>The last full request, to tell by its bytes what the next one repeats.</summary>
    public RepeatedInput Repeated => repeated ??= new RepeatedInput(journal);

    /// <summary>Lets go of the last full request and of the memory for the next, when none is to be expected.</summary>
    public void ForgetRequests()
    {
        repeated?.Forget();
        repeated = null;
    }

    /// <summary>Items of a kind by their call id, in order of creation.</summary>
    public JournaledTable<string, IdList> ByCallId(ConversationItemKind kind) => byCallId[(int)kind];
}
