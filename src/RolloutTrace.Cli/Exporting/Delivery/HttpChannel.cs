using System.Net.Http.Headers;

namespace RolloutTrace.Cli;

/// <summary>Sends requests as protobuf documents over HTTP.</summary>
internal sealed class HttpChannel(Receiver receiver, TimeProvider time) : OtlpChannel(receiver, time)
{
    private const string Protobuf = "application/x-protobuf";

    protected override void Fill(HttpRequestMessage message, ReadOnlyMemory<byte> request)
    {
        message.Content = new ReadOnlyMemoryContent(Receiver.IsCompressed ? Gzip.Compress(request) : request);
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(Protobuf);
        if (Receiver.IsCompressed)
        {
            message.Content.Headers.ContentEncoding.Add(Gzip.Name);
        }
    }

    protected override SendOutcome Read(HttpResponseMessage response, byte[] body)
    {
        if (!response.IsSuccessStatusCode)
        {
            return ReadFailure(response, body);
        }

        var said = default(OtlpResponse);
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "text/html":
                return new SendOutcome(SendOutcomeKind.Misunderstood, $"{Receiver.Name} answers with a page for people") { Advice = ReceiverAdvice.OtherPlace(Receiver) };
            case "application/json":
                said = OtlpResponse.ReadJson(body);
                break;
            default:
                said = OtlpResponse.Read(body);
                break;
        }

        return new SendOutcome(SendOutcomeKind.Arrived, AnswerText.OneLine(said.Words)) { RefusedSpans = said.RefusedSpans };
    }
}
