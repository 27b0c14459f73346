using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>
/// Requests by which a program has a history summed up where no span around them says that: they show messages of a conversation that is
/// known, in order, and are asked for a summary of them by somebody new. They are no part of that conversation.
/// </summary>
internal sealed class SummaryRequests(ThreadTable threads)
{
    private const int LooksAtCharacters = 2000;

    private static readonly string[] Words = ["summar", "condens", "compact", "compress", "recap"];

    /// <summary>The thread whose history the request is to sum up; null if it is an ordinary one.</summary>
    public KnownThread? Of(SpanNode request)
    {
        var chat = request.Reading.Chat!;
        if (request.SumsUp is not null || request.HasStarted || chat.Content.Input.Count == 0 || request.In is not { IsExternal: false } turn)
        {
            return request.SumsUp;
        }

        var messages = chat.Content.Input.Where(static item => item is { IsCompared: true, Kind: ItemKind.Message }).ToList();
        var isTold = AsksFor(chat.Content.Instructions) || chat.Content.Input.Any(static item => item is { Kind: ItemKind.Message, IsCompared: false } && AsksFor(item.Text));
        var isAsked = messages is [.., { Role: "user" } ask] && AsksFor(ask.Text);
        if (!isTold && !isAsked)
        {
            return null;
        }

        request.SumsUp = Candidates(turn, request.Reading.Service, messages).FirstOrDefault(thread => IsOf(thread, chat.Content.Instructions, messages, isTold, isAsked));
        return request.SumsUp;
    }

    private IEnumerable<KnownThread> Candidates(TurnState turn, string service, List<ModelItem> messages) =>
        turn.Thread is { } thread ? [thread]
        : threads.OfSummary(messages) is { } again ? [again, .. threads.WithFirstMessages(service, messages)]
        : threads.WithFirstMessages(service, messages);

    private static bool IsOf(KnownThread thread, string? instructions, List<ModelItem> messages, bool isTold, bool isAsked)
    {
        // What the thread's own requests are told as well asks for nothing.
        if (isTold && !(instructions is not null && thread.Instructions == HistoryHash.OfText(instructions)) && IsPart(thread, messages))
        {
            return true;
        }

        if (!isAsked)
        {
            return false;
        }

        // Whoever goes on from the whole conversation may ask for that too.
        var shown = messages[..^1];
        return IsPart(thread, shown) && shown.Count < thread.History.Count(static item => item is { IsCompared: true, Kind: ItemKind.Message });
    }

    private static bool IsPart(KnownThread thread, List<ModelItem> messages)
    {
        // The last summary may never have been shown in a request that is known.
        var known = thread.Summary is { } summary && summary.IsIn([.. messages.Take(1)]) ? messages[1..] : messages;
        return known.Count > 0 && messages.Count > 1 && ShorterHistory.AreIn(known, thread.History);
    }

    private static bool AsksFor(string? text)
    {
        if (text is null)
        {
            return false;
        }

        var beginning = text.AsSpan(0, Math.Min(text.Length, LooksAtCharacters));
        foreach (var word in Words)
        {
            if (beginning.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
