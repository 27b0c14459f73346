using System.Buffers;
using System.Globalization;
using RolloutTrace.Exchanges;

namespace RolloutTrace;

/// <summary>
/// A request to a model and its response as they go over the wire: a <see cref="RolloutTracingHttpHandler"/>, or whatever else sees them,
/// hands them to the exchange that is current, which traces them. Each time the request is sent is an attempt of its own; one that is
/// sent again has failed before. The last attempt ends as whoever reads the response says. No call throws. Safe for concurrent use.
/// </summary>
public sealed class WireExchange : IDisposable
{
    private static readonly AsyncLocal<WireExchange?> Flowing = new();

    private readonly Lock gate = new();
    private readonly Func<JsonPayload, ModelAttempt> start;
    private readonly Action<ModelAttempt>? answered;
    private readonly ArrayBufferWriter<byte> response = new();
    private string? upstreamRequestId;
    private int status;
    private Exception? failure;

    private WireExchange(Func<JsonPayload, ModelAttempt> start, Action<ModelAttempt>? answered)
    {
        this.start = start;
        this.answered = answered;
    }

    /// <summary>The exchange that what is sent now belongs to; null if there is none.</summary>
    public static WireExchange? Current => Flowing.Value;

    /// <summary>The latest attempt; null as long as nothing was sent.</summary>
    public ModelAttempt? Attempt { get; private set; }

    /// <summary>
    /// Begins an exchange. What is sent from here on belongs to it; to be called in the asynchronous method that sends, for that
    /// alone.
    /// </summary>
    /// <param name="start">Starts the trace of an attempt, with the request's JSON as it is sent. Called once an attempt.</param>
    public static WireExchange Begin(Func<JsonPayload, ModelAttempt> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var exchange = new WireExchange(start, answered: null);
        Flowing.Value = exchange;
        return exchange;
    }

    /// <summary>
    /// Begins an exchange of several requests, of which each goes out after the one before was answered. What is sent after a whole response
    /// is another request, and not the same one again.
    /// </summary>
    /// <param name="start">Starts the trace of an attempt.</param>
    /// <param name="answered">Is told of an attempt that turned out to be answered, when the next request goes out.</param>
    internal static WireExchange BeginSeveral(Func<JsonPayload, ModelAttempt> start, Action<ModelAttempt> answered)
    {
        var exchange = new WireExchange(start, answered);
        Flowing.Value = exchange;
        return exchange;
    }

    /// <summary>What is sent from here on belongs to it: in a stream that is current no more between two updates.</summary>
    internal void MakeCurrent() => Flowing.Value = this;

    /// <summary>The request is sent, for the first time or again.</summary>
    /// <param name="request">The body, one JSON document. Of anything else nothing is traced.</param>
    public void RequestSent(ReadOnlyMemory<byte> request)
    {
        if (request.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            return;
        }

        lock (gate)
        {
            if (answered is not null && Attempt is { IsEnabled: true } before && failure is null && status is >= 200 and < 300 && response.WrittenCount > 0)
            {
                Complete();
                answered(before);
            }
            else
            {
                EndFailed();
            }

            response.ResetWrittenCount();
            (status, failure, upstreamRequestId) = (0, null, null);
            try
            {
                Attempt = start(request);
            }
            catch (Exception)
            {
                // What starts a trace is the caller's own, and a request is no place to hear of it.
                Attempt = null;
            }
        }
    }

    /// <summary>The attempt got no response.</summary>
    /// <param name="exception">Why.</param>
    public void NoResponse(Exception exception) => failure = exception;

    /// <summary>A response has begun.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="upstreamRequestId">The service's id of the request; null if it tells none.</param>
    /// <param name="body">The body, which is copied as it is read.</param>
    /// <returns>The stream that whoever reads the response is to read instead.</returns>
    public Stream ResponseBegun(int status, string? upstreamRequestId, Stream body)
    {
        this.status = status;
        this.upstreamRequestId = upstreamRequestId;
        return new CopyingStream(body, Arrived);
    }

    /// <summary>A response has come whole.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="upstreamRequestId">The service's id of the request; null if it tells none.</param>
    /// <param name="body">The body.</param>
    public void ResponseArrived(int status, string? upstreamRequestId, ReadOnlyMemory<byte> body)
    {
        this.status = status;
        this.upstreamRequestId = upstreamRequestId;
        Arrived(body);
    }

    /// <summary>The whole response was read.</summary>
    public void Complete() => End(isComplete: true, static (attempt, wire, details, _) => attempt.Complete(wire.ResponseId, wire.Usage, wire.Output, details), state: 0);

    /// <summary>The last attempt failed; what had arrived is kept.</summary>
    /// <param name="exception">The exception that the caller gets.</param>
    /// <param name="errorType">A code of low cardinality; by default the HTTP status of a response that says so, else the exception's type.</param>
    public void Fail(Exception exception, string? errorType = null) => End(
        isComplete: false,
        static (attempt, wire, details, s) =>
        {
            if (s.errorType is null)
            {
                attempt.Fail(s.exception, wire.Output, details);
            }
            else
            {
                attempt.Fail(s.exception.Message, s.errorType, wire.Output, details);
            }
        },
        (exception, errorType: errorType ?? StatusWord));

    /// <summary>The exchange was given up; what had arrived is kept.</summary>
    /// <param name="reason">Why.</param>
    public void Cancel(string reason) => End(isComplete: false, static (attempt, wire, details, reason) => attempt.Cancel(reason, wire.Output, details), reason);

    /// <summary>Ends what has not ended as aborted. Nothing that is sent later belongs to the exchange.</summary>
    public void Dispose()
    {
        Attempt?.Dispose();
        if (ReferenceEquals(Flowing.Value, this))
        {
            Flowing.Value = null;
        }
    }

    private string? StatusWord => status >= 400 ? status.ToString(CultureInfo.InvariantCulture) : null;

    private void Arrived(ReadOnlyMemory<byte> bytes)
    {
        if (Attempt is { IsEnabled: true })
        {
            lock (gate)
            {
                response.Write(bytes.Span);
            }
        }
    }

    // It is sent again, so it came to nothing.
    private void EndFailed()
    {
        if (Attempt is null)
        {
            return;
        }

        if (failure is not null)
        {
            Attempt.Fail(failure);
        }
        else
        {
            Attempt.Fail(StatusWord is { } word ? $"HTTP {word}" : "the request was sent again", StatusWord ?? "_OTHER", details: Details(model: null));
        }
    }

    private void End<TState>(bool isComplete, Action<ModelAttempt, ExchangedResponse, ModelResponseDetails, TState> end, TState state)
    {
        lock (gate)
        {
            if (Attempt is { IsEnabled: true } attempt)
            {
                var wire = status >= 400 ? new ExchangedResponse() : ExchangedResponse.Read(response.WrittenMemory, isComplete);
                end(attempt, wire, Details(wire.Model), state);
            }
        }
    }

    private ModelResponseDetails Details(string? model) => new() { UpstreamRequestId = upstreamRequestId, ResponseModel = model };
}
