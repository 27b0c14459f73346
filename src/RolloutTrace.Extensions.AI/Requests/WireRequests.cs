using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// The requests that function invocation makes in a row, as they go over the wire: each is recorded when it is sent, and the loop says
/// later what was answered to which. Safe for concurrent use.
/// </summary>
internal sealed class WireRequests
{
    private readonly ChatTracing tracing;
    private readonly TracedTurn turn;
    private readonly ChatOptions? options;
    private readonly Func<ModelRequestOptions> nextSpan;
    private readonly WireExchange exchange;
    private readonly Lock gate = new();
    private readonly Queue<ModelRequest> answered = new();
    private ModelRequest? latest;
    private bool isAgain;

    /// <param name="tracing">The pipeline.</param>
    /// <param name="turn">The turn that they are in.</param>
    /// <param name="options">Their options.</param>
    /// <param name="nextSpan">Gives the span of the next request.</param>
    public WireRequests(ChatTracing tracing, TracedTurn turn, ChatOptions? options, Func<ModelRequestOptions> nextSpan)
    {
        this.tracing = tracing;
        this.turn = turn;
        this.options = options;
        this.nextSpan = nextSpan;
        exchange = WireExchange.BeginSeveral(Sent, HasAnswer);
    }

    /// <summary>The caller goes on reading the stream.</summary>
    public void Resume() => exchange.MakeCurrent();

    /// <summary>The next request that was answered; one that never got to the wire is recorded as given.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="messages">What was asked.</param>
    public ModelRequest Answered(ChatResponse response, IReadOnlyList<ChatMessage> messages)
    {
        lock (gate)
        {
            if (answered.TryDequeue(out var known))
            {
                return known;
            }
        }

        exchange.Complete();
        lock (gate)
        {
            var last = latest;
            (latest, isAgain) = (null, false);
            return last ?? AsGiven(messages);
        }
    }

    /// <summary>The latest one failed, or was given up where there is no exception.</summary>
    public void Fail(Exception? exception, string reason)
    {
        if (exception is null)
        {
            exchange.Cancel(reason);
        }
        else
        {
            exchange.Fail(exception);
        }
    }

    private ModelRequest Sent(JsonPayload json)
    {
        // The span of telemetry is the first attempt's.
        var span = isAgain ? new ModelRequestOptions { HasNoSpan = tracing.ExpectsSpan } : nextSpan();
        var request = turn.Turn.StartModelRequest(tracing.ModelOf(options), json, span with { ProviderName = tracing.ProviderName });
        lock (gate)
        {
            (latest, isAgain) = (request, true);
        }

        return request;
    }

    private void HasAnswer(ModelAttempt attempt)
    {
        lock (gate)
        {
            if (latest is not null)
            {
                answered.Enqueue((ModelRequest)attempt);
            }

            (latest, isAgain) = (null, false);
        }
    }

    private ModelRequest AsGiven(IReadOnlyList<ChatMessage> messages)
    {
        var model = tracing.ModelOf(options);
        return turn.Turn.StartModelRequest(model, RequestWriter.Write(messages, options, model, previousResponseId: null), nextSpan() with { ProviderName = tracing.ProviderName });
    }
}
