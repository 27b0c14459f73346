using System.Buffers;
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using RolloutTrace;

namespace CodingAgent.Model;

/// <summary>
/// One request and its response as they are on the wire, and the trace of it: starts with the request's first byte and ends
/// once, as whoever reads the response says.
/// </summary>
internal sealed class WireExchange(Func<JsonPayload, ModelAttempt> start) : IDisposable
{
    private readonly ArrayBufferWriter<byte> response = new();
    private string? requestId;

    /// <summary>The traced attempt; null as long as nothing was sent.</summary>
    public ModelAttempt? Attempt { get; private set; }

    public void RequestIsSent(byte[] request) => Attempt = start(request);

    /// <summary>Returns the stream that the client is to read instead.</summary>
    public Stream ResponseHasBegun(PipelineResponseHeaders headers, Stream stream)
    {
        headers.TryGetValue("x-request-id", out requestId);
        return new TeeStream(stream, response);
    }

    public void Complete()
    {
        if (Attempt is { IsEnabled: true } attempt)
        {
            var wire = WireResponse.Parse(response.WrittenMemory);
            attempt.Complete(wire.ResponseId, wire.Usage, wire.OutputItems, wire.Details(requestId));
        }
    }

    public void Fail(Exception exception)
    {
        if (Attempt is { IsEnabled: true } attempt)
        {
            var wire = WireResponse.Parse(response.WrittenMemory);
            if (exception is ClientResultException { Status: > 0 and var status })
            {
                attempt.Fail(exception.Message, status.ToString(CultureInfo.InvariantCulture), wire.OutputItems, wire.Details(requestId));
            }
            else
            {
                attempt.Fail(exception, wire.OutputItems, wire.Details(requestId));
            }
        }
    }

    public void Cancel(string reason)
    {
        if (Attempt is { IsEnabled: true } attempt)
        {
            var wire = WireResponse.Parse(response.WrittenMemory);
            attempt.Cancel(reason, wire.OutputItems, wire.Details(requestId));
        }
    }

    public void Dispose() => Attempt?.Dispose();
}
