using System.Diagnostics;
using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;
using RolloutTrace.Extensions.AI.Compactions;
using RolloutTrace.Extensions.AI.Conversations;
using RolloutTrace.Extensions.AI.Diagnostics;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>What is known of a pipeline from the middleware's place inward, and where its requests are traced. Safe for concurrent use.</summary>
internal sealed class ChatTracing
{
    private readonly bool hasTracing;
    private readonly bool hasLoop;
    private readonly ActivitySource? sourceInside;
    private readonly ChatClientMetadata? metadata;

    public ChatTracing(IChatClient inner, RolloutTracingChatOptions options)
    {
        Options = options;
        ToolClaims.Listen();

        // What is nearest to the model sees most.
        hasTracing = inner.GetService<RolloutTracingChatClient>() is not null;
        hasLoop = inner.GetService<FunctionInvokingChatClient>() is not null;
        HasSpanOfEach = inner.GetService<OpenTelemetryChatClient>() is { } telemetry
            && ReferenceEquals(telemetry, inner.GetService<FunctionInvokingChatClient>()?.GetService<OpenTelemetryChatClient>());
        sourceInside = inner.GetService<OpenTelemetryChatClient>() is null ? null : inner.GetService<ActivitySource>();
        metadata = inner.GetService<ChatClientMetadata>();
        ReplayedFrom = inner.GetService<ReplayOrigin>();
    }

    public RolloutTracingChatOptions Options { get; }

    public ConversationTable Conversations { get; init; } = ConversationTable.Shared;

    /// <summary>The recording that the pipeline's model answers from; null if it is a live one.</summary>
    public ReplayOrigin? ReplayedFrom { get; }

    public string? ProviderName => metadata?.ProviderName;

    /// <summary>Whether anything is recorded, and here.</summary>
    public bool IsOn => !hasTracing && RolloutActivitySource.Source.HasListeners();

    /// <summary>Whether telemetry stands inside of function invocation, and nowhere else from here inward: then each request has a span of its own.</summary>
    public bool HasSpanOfEach { get; }

    /// <summary>Whether the pipeline inside will start a span for a request.</summary>
    public bool ExpectsSpan => sourceInside?.HasListeners() == true;

    /// <summary>The model that is asked; null if nobody says it.</summary>
    public string? ModelOf(ChatOptions? options) => options?.ModelId ?? metadata?.DefaultModelId;

    /// <summary>Starts the trace of what the caller asks for; null if that fails, or somebody else traces it.</summary>
    public TracedExchange? TryStart(ChatMessage[] messages, ChatOptions? options, bool streams) =>
        Contain.Run(nameof(TryStart), (Tracing: this, messages, options, streams), static s => s.Tracing.Start(s.messages, s.options, s.streams));

    private TracedExchange? Start(ChatMessage[] messages, ChatOptions? options, bool streams)
    {
        var around = Surroundings.Look();
        if (around.Attempt is { } recorded)
        {
            return SummaryInside(recorded, around, messages, options);
        }

        if (hasLoop && around.ChatSpan is { } wrapper)
        {
            RolloutHandle.Cover(wrapper);
        }

        var given = messages;
        messages = HeldCalls.AsSent(messages);
        var (turn, isLone) = TurnFinder.Find(this, around, messages, options);
        if (!turn.Turn.IsEnabled)
        {
            return null;
        }

        if (TracedCompaction.For(turn, around.Compaction, messages, options, ModelOf(options)) is { } compaction)
        {
            return new CompactionExchange(this, compaction, turn, isLone, around.ChatSpan, messages, options);
        }

        return hasLoop
            ? LoopExchange.Start(this, turn, isLone, given, options, streams)
            : Exchange.Start(this, turn, isLone, around.ChatSpan, messages, options);
    }

    // A reducer that stands behind the recording has a history summed up inside the request that shows it.
    private CompactionExchange? SummaryInside(ModelAttempt recorded, Surroundings around, ChatMessage[] messages, ChatOptions? options)
    {
        if (recorded is not ModelRequest { OwnTurn: { } own } || TracedTurn.Of(own) is not { } turn || !turn.Conversation.IsToBeSummarised(messages, options))
        {
            return null;
        }

        return TracedCompaction.For(turn, around: null, messages, options, ModelOf(options)) is { } compaction
            ? new CompactionExchange(this, compaction, turn, isLone: false, around.ChatSpan, messages, options)
            : null;
    }
}
