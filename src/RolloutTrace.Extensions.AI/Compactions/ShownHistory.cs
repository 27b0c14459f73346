using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;
using RolloutTrace.Extensions.AI.Conversations;
using RolloutTrace.Spans;

namespace RolloutTrace.Extensions.AI.Compactions;

/// <summary>
/// What a conversation's model was shown last, with its answer. A request that shows a shorter history in its place installs a
/// compaction. Safe for concurrent use.
/// </summary>
internal sealed class ShownHistory
{
    private const int LooksAt = 3;
    private const int LooksAtCharacters = 300;
    private const string Word = "summar";

    private readonly Lock gate = new();
    private volatile IReadOnlyList<ChatMessage> history = [];
    private TracedCompaction? waiting;

    /// <summary>What was shown last, with the answer.</summary>
    public IReadOnlyList<ChatMessage> History => history;

    /// <summary>A compaction is done as far as its own part goes: the next request shows what came of it.</summary>
    public void Waits(TracedCompaction compaction)
    {
        lock (gate)
        {
            waiting?.Handle.Cancel();
            waiting = compaction;
        }
    }

    /// <summary>Whether a request can be one that asks for a summary, as far as it tells itself.</summary>
    public static bool MayAskForSummary(IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        messages.Count >= 2
        && options is not ({ Tools.Count: > 0 } or { ConversationId: not null })
        && (IsInstruction(messages[^1]) || IsInstruction(messages[0]));

    /// <summary>Whether a message is an instruction that speaks of a summary.</summary>
    public static bool IsInstruction(ChatMessage message) => message.Role == ChatRole.System && SpeaksOfSummary(message);

    /// <summary>Whether what a request shows first, but for the system, can be a summary: nobody answers there, or it says that it is one.</summary>
    public static bool MayBeginWithSummary(IReadOnlyList<ChatMessage> messages) =>
        messages.FirstOrDefault(static message => message.Role != ChatRole.System) is { } first
        && first.Role != ChatRole.Tool
        && (first.Role == ChatRole.Assistant || SpeaksOfSummary(first));

    /// <summary>A request with its whole history is about to be recorded: if that was compacted, this is recorded before it.</summary>
    public void Asking(Turn turn, IReadOnlyList<ChatMessage> messages, string? model)
    {
        lock (gate)
        {
            var compaction = waiting;
            waiting = null;
            var isInstalled = turn.Session.PendingLinks.Has(LinkKind.CompactedBy);
            if (isInstalled || BeginsWithHistory(messages) || !(compaction is null ? ShowsSummary(messages) || LeavesOutSaid(messages) : compaction.IsSure || HasSummary(messages, compaction.Summary)))
            {
                compaction?.Handle.Cancel();
            }
            else
            {
                var handle = compaction?.Handle ?? turn.StartCompaction(new() { Model = model });
                handle.Install(ResponseFacts.Items(history), ResponseFacts.Items(messages.Take(messages.Count - New(messages))));
            }

            history = messages;
        }
    }

    /// <summary>The model has answered.</summary>
    /// <param name="messages">What it was asked.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="isWhole">Whether the messages are the whole history; else they go on from what was shown before.</param>
    public void Answered(IReadOnlyList<ChatMessage> messages, IEnumerable<ChatMessage> answer, bool isWhole)
    {
        lock (gate)
        {
            history = isWhole ? [.. messages, .. answer] : [.. history, .. messages, .. answer];
        }
    }

    /// <summary>Nothing of it is needed any more.</summary>
    public void Forget()
    {
        lock (gate)
        {
            history = [];
            waiting?.Handle.Cancel();
            waiting = null;
        }
    }

    private bool BeginsWithHistory(IReadOnlyList<ChatMessage> messages)
    {
        var (whole, chain) = (HistoryChain.Begin(string.Empty).After(history), HistoryChain.Begin(string.Empty));
        return history.Count > 0 && messages.Any(message => (chain = chain.After(message)) == whole);
    }

    // Something stands before what is left of the history that the model has never said and nobody has told it, and it sums up.
    private bool ShowsSummary(IReadOnlyList<ChatMessage> messages)
    {
        var known = MessageKey.SetOf(history);
        var first = messages.TakeWhile(message => message.Role == ChatRole.System && MessageKey.AreIn(known, message)).Count();
        for (var i = first; known.Count > 0 && i < messages.Count - 1 && i < first + LooksAt; i++)
        {
            var isSaid = messages[i].Role == ChatRole.Assistant;
            if (!MessageKey.AreIn(known, messages[i]) && (isSaid || SpeaksOfSummary(messages[i])))
            {
                var leavesSome = messages.Skip(i + 1).Any(message => MessageKey.AreIn(known, message));
                return SpeaksOfSummary(messages[i]) ? leavesSome || isSaid : leavesSome && i == first;
            }
        }

        return false;
    }

    // What was said before is not shown any more, and its end is.
    private bool LeavesOutSaid(IReadOnlyList<ChatMessage> messages) =>
        ShorterHistory.Of(MessageKey.Of(messages), MessageKey.Of(history), MayBeginWithSummary(messages)) is { LeavesOutSaid: true };

    private static bool HasSummary(IReadOnlyList<ChatMessage> messages, string? summary) =>
        !string.IsNullOrEmpty(summary) && messages.Any(message => message.Text.Contains(summary, StringComparison.Ordinal));

    private static bool SpeaksOfSummary(ChatMessage message) =>
        message.Text.AsSpan(0, Math.Min(message.Text.Length, LooksAtCharacters)).Contains(Word, StringComparison.OrdinalIgnoreCase);

    // What the turn itself adds was not there to be made shorter.
    private int New(IReadOnlyList<ChatMessage> messages)
    {
        var known = MessageKey.SetOf(history);
        var added = 0;
        while (added < messages.Count - 1 && messages[^(added + 1)] is { } message && (message.Role == ChatRole.User || message.Role == ChatRole.Tool) && !MessageKey.AreIn(known, message))
        {
            added++;
        }

        return added;
    }
}
