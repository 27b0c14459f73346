using System.Buffers;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>
/// Requests by which a program has a history summed up where no span around them says that: they show a part of a conversation that is
/// known, in order and with nothing new in it, offer no tools, and are told to sum it up where the conversation's own requests are not. They are no
/// part of that conversation.
/// </summary>
internal sealed class SummaryRequests(ThreadTable threads)
{
    private const int LooksAtCharacters = 2000;

    private const string Role = "\"role\"";

    private static readonly SearchValues<string> Contents = SearchValues.Create(["\"parts\"", "\"content\""], StringComparison.Ordinal);

    private static readonly SearchValues<string> Systems = SearchValues.Create(["\"system", "\"develop"], StringComparison.Ordinal);

    private static readonly SearchValues<string> Words = SearchValues.Create(["summar", "condens", "compact", "compress", "recap"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The thread whose history the request is to sum up; null if it is an ordinary one.</summary>
    public KnownThread? Of(SpanNode request)
    {
        var content = request.Reading.Chat!.Content;
        if (request.SumsUp is not null || request.HasStarted || content.Input.Count == 0 || content.Tools is not null || request.In is not { IsExternal: false } turn)
        {
            return request.SumsUp;
        }

        var isTold = AsksFor(content.Instructions) || content.Input.Any(AsksForIt);
        var shown = content.Input.Where(static item => item.IsCompared).ToList();
        var isAsked = shown is [.., { Kind: ItemKind.Message, Role: "user" } ask] && AsksFor(ask.Text);
        if (!isTold && !isAsked)
        {
            return null;
        }

        var messages = shown.Where(static item => item.Kind == ItemKind.Message).ToList();
        request.SumsUp = Candidates(turn, request.Reading.Service, messages)
            .FirstOrDefault(thread => (isTold && IsTold(thread, content) && IsPart(thread, shown)) || (isAsked && IsAsked(thread, shown)));
        return request.SumsUp;
    }

    /// <summary>Whether a text, or what it is part of, has a word without which no request is one of these.</summary>
    public static bool MayAskFor(ReadOnlySpan<char> text) => text.ContainsAny(Words);

    /// <summary>The same of messages with their roles, of which only those that may ask are searched: the last one, and what the system tells.</summary>
    /// <param name="messages">Messages as the conventions write them, in JSON.</param>
    public static bool MayAskIn(ReadOnlySpan<char> messages)
    {
        const int MostBetween = 16;
        var (at, next) = (0, messages.IndexOf(Role));
        if (next < 0 || messages[..next].ContainsAny(Contents))
        {
            // Who says something stands behind it, or nowhere.
            return MayAskFor(messages);
        }

        while (next >= 0)
        {
            at += next + Role.Length;
            next = messages[at..].IndexOf(Role);
            var message = next < 0 ? messages[at..] : messages.Slice(at, next);
            if ((next < 0 || message[..Math.Min(message.Length, MostBetween)].ContainsAny(Systems)) && MayAskFor(message))
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<KnownThread> Candidates(TurnState turn, string service, List<ModelItem> messages) =>
        turn.Thread is { } thread ? [thread]
        : threads.OfSummary(messages) is { } again ? [again, .. threads.WithFirstMessages(service, messages)]
        : threads.WithFirstMessages(service, messages);

    // What the thread's own requests are told as well asks for nothing.
    private static bool IsTold(KnownThread thread, ChatContent content) =>
        (AsksFor(content.Instructions) && thread.Instructions != HistoryHash.OfText(content.Instructions!))
        || content.Input.Any(item => AsksForIt(item) && !thread.History.Any(known => !known.IsCompared && known.Hash == item.Hash));

    // The user of an agent may ask for that too, and is answered with the end of the conversation before it, whatever was left out of it.
    private static bool IsAsked(KnownThread thread, List<ModelItem> shown)
    {
        var part = shown[..^1];
        return thread.History.LastOrDefault(static item => item.IsCompared) is { } end
            && IsPart(thread, part)
            && !shown.Any(item => item.Hash == end.Hash)
            && !thread.History.Any(item => item.Hash == shown[^1].Hash);
    }

    private static bool IsPart(KnownThread thread, List<ModelItem> shown)
    {
        // The last summary may never have been shown in a request that is known.
        var known = thread.Summary is { } summary && summary.IsIn([.. shown.Take(1)]) ? shown[1..] : shown;
        return known.Any(static item => item.Kind == ItemKind.Message) && shown.Count(static item => item.Kind == ItemKind.Message) > 1 && ShorterHistory.AreIn(known, thread.History);
    }

    private static bool AsksForIt(ModelItem item) => item is { Kind: ItemKind.Message, IsCompared: false } && AsksFor(item.Text);

    private static bool AsksFor(string? text) => text is not null && MayAskFor(text.AsSpan(0, Math.Min(text.Length, LooksAtCharacters)));
}
