using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;
using RolloutTrace;
using RolloutTrace.ClientModel;

namespace CodingAgent.Model;

/// <summary>Asks the model: streams the answer, and asks again when an attempt fails. Each attempt is traced as one. Safe for concurrent use.</summary>
internal sealed class ModelClient
{
    private readonly ResponsesClient client;
    private readonly RetryPlan retries;

    public ModelClient(ModelEndpoint endpoint, RetryPlan retries)
    {
        this.retries = retries;
        var options = new ResponsesClientOptions
        {
            Endpoint = endpoint.Address,

            // Its own retries would hide attempts from the trace.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        };
        options.AddPolicy(new RolloutTracingPolicy(), PipelinePosition.BeforeTransport);
        client = new ResponsesClient(new ApiKeyCredential(endpoint.ApiKey), options);
    }

    public async Task<ModelResponse> AskAsync(ModelQuestion question, IModelListener listener, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                return await TryAsync(question, question.Request(attempt > 1), listener, cancellation);
            }
            catch (Exception e) when (retries.DelayAfter(attempt, e) is { } next && !cancellation.IsCancellationRequested)
            {
                delay = next;
                listener.Retrying(e, delay);
            }

            await Task.Delay(delay, cancellation);
        }
    }

    private async Task<ModelResponse> TryAsync(ModelQuestion question, CreateResponseOptions request, IModelListener listener, CancellationToken cancellation)
    {
        using var exchange = WireExchange.Begin(json => question.Start(request, json));
        try
        {
            var answer = await ReadAsync(request, listener, cancellation);
            exchange.Complete();
            return answer with { Attempt = exchange.Attempt };
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // However the transport takes it, the reason is known.
            exchange.Cancel("interrupted");
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception e)
        {
            exchange.Fail(e);
            throw;
        }
    }

    private async Task<ModelResponse> ReadAsync(CreateResponseOptions request, IModelListener listener, CancellationToken cancellation)
    {
        var items = new List<ResponseItem>();
        await using var stream = await client.CreateResponseStreamingAsync(request, cancellation);
        await foreach (var update in stream.WithCancellation(cancellation))
        {
            switch (update)
            {
                case StreamingResponseOutputTextDeltaUpdate { Delta: { } delta }:
                    listener.TextArrived(delta);
                    break;
                case StreamingResponseOutputItemDoneUpdate { Item: { } item }:
                    items.Add(item);
                    listener.ItemArrived(item);
                    break;
                case StreamingResponseCompletedUpdate { Response: { } response }:
                    return new ModelResponse(response.Id, items, response.Usage?.TotalTokenCount, Attempt: null);
                case StreamingResponseFailedUpdate { Response.Error: { } error }:
                    throw new ModelFailedException($"{error.Code}: {error.Message}", isTransient: true);
                case StreamingResponseIncompleteUpdate { Response: { } response }:
                    throw new ModelFailedException($"The answer is incomplete: {response.IncompleteStatusDetails?.Reason}", isTransient: false);
                case StreamingResponseErrorUpdate error:
                    throw new ModelFailedException($"{error.Code}: {error.Message}", isTransient: true);
                default:
                    break;
            }
        }

        throw new ModelFailedException("The stream ended before the answer did.", isTransient: true);
    }
}
