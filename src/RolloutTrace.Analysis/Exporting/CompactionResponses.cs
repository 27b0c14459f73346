using System.Text.Json;
using RolloutTrace.Analysis.Overviews;
using RolloutTrace.Reducer;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>What the model answered to requests of compactions, which the state does not keep.</summary>
internal sealed class CompactionResponses(RolloutGraph graph, PayloadLookup payloads)
{
    private static readonly CompactionResponse None = new();

    private readonly Dictionary<string, CompactionResponse> read = new(StringComparer.Ordinal);

    public CompactionResponse Of(RecordedCompactionRequest request)
    {
        if (!read.TryGetValue(request.CompactionRequestId, out var response))
        {
            var payload = request.RawResponsePayloadId is { } id ? graph.RawPayloads.GetValueOrDefault(id) : null;
            read.Add(request.CompactionRequestId, response = payloads.Document(payload, Parse) ?? None);
        }

        return response;
    }

    private static CompactionResponse Parse(JsonElement response) => new()
    {
        ResponseId = PayloadDocument.TextOrNull(response, "response_id"),
        UpstreamRequestId = PayloadDocument.TextOrNull(response, "upstream_request_id"),
        Usage = ResponseUsage.Of(PayloadDocument.Member(response, "token_usage")),
    };
}

/// <summary>One answer.</summary>
internal sealed record CompactionResponse
{
    public string? ResponseId { get; init; }

    public string? UpstreamRequestId { get; init; }

    public RecordedTokenUsage? Usage { get; init; }
}
