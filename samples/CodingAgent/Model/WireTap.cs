using System.ClientModel;
using System.ClientModel.Primitives;

namespace CodingAgent.Model;

/// <summary>
/// The pipeline policy that takes requests and responses as they are on the wire, for the exchange that is current: the typed
/// client knows neither the exact JSON that it sends nor the one that it got. It delays nothing: the response's bytes are
/// copied as the client reads them.
/// </summary>
internal sealed class WireTap : PipelinePolicy
{
    private static readonly AsyncLocal<WireExchange?> Current = new();

    /// <summary>What is sent from here on belongs to the exchange. To be called in the asynchronous method that sends, for that alone.</summary>
    public static void Attach(WireExchange exchange) => Current.Value = exchange;

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        if (Current.Value is not { } exchange || message.Request.Content is not { } content)
        {
            await ProcessNextAsync(message, pipeline, currentIndex);
            return;
        }

        using var buffer = new MemoryStream();
        await content.WriteToAsync(buffer, message.CancellationToken);
        var request = buffer.ToArray();
        message.Request.Content = BinaryContent.Create(BinaryData.FromBytes(request));
        exchange.RequestIsSent(request);
        await ProcessNextAsync(message, pipeline, currentIndex);

        if (message.Response is { IsError: false, ContentStream: { } stream } response)
        {
            response.ContentStream = exchange.ResponseHasBegun(response.Headers, stream);
        }
    }

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        throw new NotSupportedException("The model is asked asynchronously only.");
}
