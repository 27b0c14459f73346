using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Threads;

/// <summary>
/// What in the spans of a trace may tell that another trace goes on with their work. What is bound is mapped together, and it is the mapping that says what belongs together: so these
/// may be more than that, and are asked for no agent.
/// </summary>
internal sealed class TraceBonds
{
    /// <summary>Conversations, and responses from which others go on: one name, since clients put the one into the place of the other.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Traces to which agents link.</summary>
    public HashSet<string> LinkedTraces { get; } = new(StringComparer.Ordinal);

    /// <summary>Conversations as they were when a model had answered.</summary>
    public HashSet<UInt128> Answered { get; } = [];

    /// <summary>Conversations from which a request may go on: its beginnings up to an answer.</summary>
    public HashSet<UInt128> GoesOnFrom { get; } = [];

    /// <summary>What is asked where nothing was answered before.</summary>
    public HashSet<UInt128> Asked { get; } = [];

    /// <summary>Whether a request has failed, so that another trace may ask the same.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Looks at a span.</summary>
    public void Add(SpanReading span)
    {
        if (span.Agent.ConversationId is { } conversation)
        {
            Names.Add(conversation);
        }

        if (span.Role is SpanRole.Agent or SpanRole.Workflow)
        {
            LinkedTraces.UnionWith(span.Span.Links
                .Where(link => link.TraceId.Length > 0 && link.TraceId != span.Span.TraceId && !link.Attributes.Any(static tag => tag.Name == RolloutAttributes.Link.Kind))
                .Select(static link => link.TraceId));
        }

        if (span.Chat is { } chat)
        {
            Add(chat);
        }
    }

    private void Add(ChatReading chat)
    {
        foreach (var name in (ReadOnlySpan<string?>)[chat.ResponseId, chat.PreviousResponseId])
        {
            if (name is { Length: > 0 })
            {
                Names.Add(name);
            }
        }

        var input = chat.Content.Input;
        var beginnings = HistoryHash.Beginnings(input);
        for (var (i, isFollowed) = (input.Count - 1, false); i >= 0; i--)
        {
            if (input[i].IsCompared)
            {
                if (input[i].IsAnswer && !isFollowed)
                {
                    GoesOnFrom.Add(beginnings[i]);
                }

                isFollowed = input[i].IsAnswer;
            }
        }

        HasFailed |= chat.Outcome.Status == ExecutionStatus.Failed;
        if (HistoryHash.OfRequest(chat.Content) is { } asked && !input.Any(static item => item.IsAnswer))
        {
            Asked.Add(asked);
        }

        if (chat.Content.Output.Any(static item => item.IsAnswer))
        {
            Answered.Add(HistoryHash.Of([.. input, .. chat.Content.Output]));
        }
    }
}
