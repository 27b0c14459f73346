using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Replay.Chat;

namespace RolloutTrace.Replay;

/// <summary>
/// A chat client that answers from a recording. A request that was asked gets what was answered: text, tool calls, usage, as a whole or as a stream,
/// however it was recorded. Requests are recognised by what the model is given, in whatever API's words it was recorded; times, ids, durations, temporary names
/// and ports are the same whatever they are, and reasoning does not count. The same request asked several times gets its answers in the order in which they
/// were recorded. One that failed fails again (<see cref="ReplayedFailureException"/>), behind what had arrived of its stream; one that was cancelled ends in an
/// <see cref="OperationCanceledException"/>. What was never asked is a <see cref="ReplayException"/>, unless there is a live client. Safe for concurrent use.
/// </summary>
public sealed class ReplayChatClient : IChatClient
{
    private readonly ReplaySession session;
    private readonly IChatClient? live;
    private readonly ChatClientMetadata metadata;

    /// <summary>Plays a recording from its beginning.</summary>
    /// <param name="run">The recording.</param>
    /// <param name="options">How to; null for the defaults.</param>
    public ReplayChatClient(RecordedRun run, ReplayOptions? options = null)
        : this(new ReplaySession(run ?? throw new ArgumentNullException(nameof(run)), Checked(options)), live: null)
    {
    }

    private ReplayChatClient(ReplaySession session, IChatClient? live)
    {
        this.session = session;
        this.live = live;
        var first = session.Run.Requests.All is [var request, ..] ? request : null;
        metadata = new ChatClientMetadata(first?.ProviderName, providerUri: null, session.Options.Model ?? first?.Model);
    }

    /// <summary>The recording.</summary>
    public RecordedRun Run => session.Run;

    /// <summary>
    /// A client that plays the recording from its beginning, and lets a live one answer from the first request on that was never asked, and all that
    /// come after it. With <paramref name="fromRequest"/> that is the given request at the latest: then the requests before it are recognised by their
    /// items alone, so that other instructions, tools, parameters or another model can be tried from there on.
    /// </summary>
    /// <param name="live">The live client; the caller's to dispose of.</param>
    /// <param name="fromRequest">The request: its id, the end of it (at least 4 characters), or <c>#N</c> for the Nth that was recorded; null for the first that was never asked.</param>
    /// <exception cref="ArgumentException">There is no such request, or there are several.</exception>
    public ReplayChatClient ThenLive(IChatClient live, string? fromRequest = null)
    {
        ArgumentNullException.ThrowIfNull(live);
        return new ReplayChatClient(new ReplaySession(session.Run, session.Options, fromRequest is null ? null : session.Run.Requests.Named(fromRequest)), live);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var given = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (Answer(given, options) is not { } answer)
        {
            return await live!.GetResponseAsync(given, options, cancellationToken).ConfigureAwait(false);
        }

        await Pace.Wait(answer, session.Options, of: 1, cancellationToken).ConfigureAwait(false);
        End(answer);
        return ChatAnswer.Whole(answer, session.Run.Requests.NameFor(answer.ResponseId));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var given = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (Answer(given, options) is not { } answer)
        {
            await foreach (var update in live!.GetStreamingResponseAsync(given, options, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }

            yield break;
        }

        var updates = ChatAnswer.Updates(answer, session.Run.Requests.NameFor(answer.ResponseId)).ToList();
        foreach (var update in updates)
        {
            await Pace.Wait(answer, session.Options, updates.Count, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }

        End(answer);
    }

    /// <summary>This, the provider and the model that were recorded, and where a new recording says that it is from.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? metadata
            : serviceType == typeof(ReplayOrigin) ? session.Run.Origin
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: the recording and the live client are the caller's.</summary>
    public void Dispose()
    {
    }

    private static ReplayOptions Checked(ReplayOptions? options)
    {
        options ??= new ReplayOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Speed, nameof(options));
        return options;
    }

    private RecordedAnswer? Answer(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var previous = options?.ConversationId is { } name ? session.ResponseNamed(name) : null;
        return session.Answer(ChatRequestJson.Of(messages, options, previous), hasLive: live is not null);
    }

    private static void End(RecordedAnswer answer)
    {
        switch (answer.Status)
        {
            case AnswerStatus.Failed:
                throw new ReplayedFailureException(answer.Request.Id, answer.Error, answer.StatusCode);
            case AnswerStatus.Cancelled:
                throw new OperationCanceledException($"request {answer.Request.Id} was cancelled when it was recorded: {answer.Request.Error ?? "nobody said why"}");
        }
    }
}
