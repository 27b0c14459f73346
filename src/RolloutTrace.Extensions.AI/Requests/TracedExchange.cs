using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Diagnostics;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// What the caller asked for, and what came of it. No call throws; one of them ends it, and later ones do nothing. Used by one caller
/// at a time.
/// </summary>
internal abstract class TracedExchange
{
    private readonly List<ChatResponseUpdate> updates = [];
    private bool hasEnded;

    /// <summary>The request has been handed on.</summary>
    public void Sent() => Contain.Run(nameof(Sent), this, static exchange => exchange.OnSent());

    /// <summary>The caller goes on reading the stream: what was current while it was read before is so again.</summary>
    public void Resume() => Contain.Run(nameof(Resume), this, static exchange => exchange.OnResume());

    /// <summary>An update of the stream has come.</summary>
    public void Arrived(ChatResponseUpdate update) => Contain.Run(nameof(Arrived), (Exchange: this, update), static s =>
    {
        s.Exchange.OnArriving(s.update);
        s.Exchange.updates.Add(s.update);
        s.Exchange.OnArrived(s.update);
    });

    /// <summary>The stream has ended by itself.</summary>
    public void StreamEnded() => Answered(response: null);

    /// <summary>The whole response is there; null if it is what has streamed.</summary>
    public void Answered(ChatResponse? response)
    {
        if (TryEnd())
        {
            Contain.Run(nameof(Answered), (Exchange: this, response), static s => s.Exchange.OnAnswered(s.response ?? s.Exchange.Streamed()));
        }
    }

    /// <summary>It ended by an exception, which the caller gets.</summary>
    public void Failed(Exception exception, CancellationToken cancellation)
    {
        if (TryEnd())
        {
            Contain.Run(nameof(Failed), (Exchange: this, exception, cancellation), static s =>
            {
                var isCancelled = s.exception is OperationCanceledException && s.cancellation.IsCancellationRequested;
                s.Exchange.OnFailed(isCancelled ? null : s.exception, "cancelled", s.Exchange.Streamed());
            });
        }
    }

    /// <summary>The caller reads no further.</summary>
    public void Left()
    {
        if (TryEnd())
        {
            Contain.Run(nameof(Left), this, static exchange => exchange.OnFailed(exception: null, "the stream was left", exchange.Streamed()));
        }
    }

    protected abstract void OnSent();

    protected abstract void OnResume();

    /// <summary>An update has come, and is not gathered yet.</summary>
    protected abstract void OnArriving(ChatResponseUpdate update);

    /// <summary>An update has been gathered.</summary>
    protected abstract void OnArrived(ChatResponseUpdate update);

    protected abstract void OnAnswered(ChatResponse response);

    /// <summary>It failed, or was given up where there is no exception.</summary>
    protected abstract void OnFailed(Exception? exception, string reason, ChatResponse partial);

    protected bool HasUpdates => updates.Count > 0;

    /// <summary>What has streamed so far, and begins to gather anew.</summary>
    protected ChatResponse Streamed()
    {
        var response = updates.ToChatResponse();
        updates.Clear();
        return response;
    }

    private bool TryEnd()
    {
        var ends = !hasEnded;
        hasEnded = true;
        return ends;
    }
}
