using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>What the model of each thread has seen, and the one measure by which its items are known again.</summary>
internal sealed class Conversations(Journal journal, Tolerance tolerance)
{
    private readonly ItemMarks marks = new();
    private readonly Dictionary<string, ThreadConversation> byThread = new(StringComparer.Ordinal);

    /// <summary>Whether two items are the same.</summary>
    public SameItem SameItem { get; } = new(tolerance.TakesRepeatedReferences);

    /// <summary>What a thread's model has seen.</summary>
    public ThreadConversation Of(string threadId)
    {
        if (!byThread.TryGetValue(threadId, out var conversation))
        {
            conversation = new ThreadConversation(journal, SameItem, marks);
            byThread.Add(threadId, conversation);
        }

        return conversation;
    }

    /// <summary>What the models of the other threads have seen.</summary>
    public IEnumerable<ThreadConversation> AllBut(string threadId) =>
        byThread.Where(conversation => conversation.Key != threadId).Select(conversation => conversation.Value);
}
