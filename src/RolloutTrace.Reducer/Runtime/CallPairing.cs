using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>
/// Pairs the calls, the outputs and the tool calls of one call id of a thread that stands for several calls, by their places: an
/// output belongs to the nearest earlier call that has none, and a tool call, in order of start, to the nearest call that no tool call has.
/// Of several calls of one response the first comes first. Takes time that grows with what it pairs, and no more.
/// </summary>
internal sealed class CallPairing(ReplayState state)
{
    private readonly List<Slot> slots = [];
    private readonly Dictionary<string, Slot> slotOfItem = new(StringComparer.Ordinal);

    /// <summary>Pairs them.</summary>
    /// <param name="items">The calls and outputs, in the order in which they were first seen.</param>
    /// <param name="tools">The tool calls in order of start, each with how many items the rollout had by then.</param>
    /// <returns>The items of each tool call, in the order of the tool calls.</returns>
    public IReadOnlyList<(IReadOnlyList<string> Calls, IReadOnlyList<string> Outputs)> Pair(
        IReadOnlyList<ConversationItem> items,
        IReadOnlyList<(RecordedToolCall Tool, int ItemsBefore)> tools)
    {
        slots.Clear();
        slotOfItem.Clear();
        PlaceItems(items);
        return PlaceTools(tools);
    }

    private void PlaceItems(IReadOnlyList<ConversationItem> items)
    {
        var copies = new Dictionary<ItemContent, Slot>(new SameItem(repeatedReferences: true));
        var unanswered = new Stack<Queue<Slot>>();
        string? run = null;
        foreach (var item in items)
        {
            var content = ItemContent.Of(item);
            var slot = SlotInPlace(item) ?? (IsOfCompaction(item) ? copies.GetValueOrDefault(content) : null);
            if (slot is null && content.IsCall)
            {
                slot = new Slot(NumberOf(item));
                slots.Add(slot);
                var made = ResponseOf(item);
                if (made is null || made != run || unanswered.Count == 0)
                {
                    unanswered.Push(new Queue<Slot>());
                }

                unanswered.Peek().Enqueue(slot);
                slot.BeginsRun = unanswered.Peek().Count == 1;
                run = made;
            }
            else if (slot is null)
            {
                slot = TakeUnanswered(unanswered) ?? slots.LastOrDefault();
                if (slot is null)
                {
                    // An output without any call before it; a tool call may still have it.
                    slot = new Slot(NumberOf(item)) { BeginsRun = true };
                    slots.Add(slot);
                }
            }

            (content.IsCall ? slot.Calls : slot.Outputs).Add(item.ItemId);
            slotOfItem[item.ItemId] = slot;
            copies[content] = slot;
        }
    }

    private List<(IReadOnlyList<string> Calls, IReadOnlyList<string> Outputs)> PlaceTools(IReadOnlyList<(RecordedToolCall Tool, int ItemsBefore)> tools)
    {
        var placed = new List<(IReadOnlyList<string> Calls, IReadOnlyList<string> Outputs)>(tools.Count);
        var before = new Stack<Queue<Slot>>();
        var next = 0;
        foreach (var (_, itemsBefore) in tools)
        {
            for (; next < slots.Count && slots[next].Number <= itemsBefore; next++)
            {
                if (slots[next].BeginsRun || before.Count == 0)
                {
                    before.Push(new Queue<Slot>());
                }

                before.Peek().Enqueue(slots[next]);
            }

            // A tool may start before the response that asks for it is complete.
            var slot = TakeUnanswered(before) ?? (next < slots.Count ? slots[next++] : null);
            placed.Add(slot is null ? ([], []) : (slot.Calls, slot.Outputs));
        }

        return placed;
    }

    // The first of the last run that has any left.
    private static Slot? TakeUnanswered(Stack<Queue<Slot>> runs)
    {
        while (runs.TryPeek(out var run))
        {
            if (run.TryDequeue(out var slot))
            {
                return slot;
            }

            runs.Pop();
        }

        return null;
    }

    private Slot? SlotInPlace(ConversationItem item) =>
        state.Replaced.Find(item.ItemId) is { } former ? slotOfItem.GetValueOrDefault(former) : null;

    private static bool IsOfCompaction(ConversationItem item) => item.ProducedBy is [CompactionProducer, ..];

    private static string? ResponseOf(ConversationItem item)
    {
        foreach (var producer in item.ProducedBy)
        {
            if (producer is InferenceProducer inference)
            {
                return inference.InferenceCallId;
            }
        }

        return null;
    }

    private static int NumberOf(ConversationItem item) => ObjectIds.NumberOf(item.ItemId);

    /// <summary>One call with what belongs to it. Several items where the call, or its output, was said anew in its place.</summary>
    private sealed class Slot(int number)
    {
        public int Number => number;

        public bool BeginsRun { get; set; }

        public List<string> Calls { get; } = [];

        public List<string> Outputs { get; } = [];
    }
}
