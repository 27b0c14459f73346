using System.Text.Json;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

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

    private static CompactionResponse Parse(JsonElement response)
    {
        var said = Dialects.ReadResponse(response, into: null);
        return new CompactionResponse
        {
            ResponseId = said.Id,
            UpstreamRequestId = said.UpstreamRequestId,
            Usage = said.Usage is { } used ? RecordedTokenUsage.Of(used) : null,
        };
    }
}

/// <summary>One answer.</summary>
internal sealed record CompactionResponse
{
    public string? ResponseId { get; init; }

    public string? UpstreamRequestId { get; init; }

    public RecordedTokenUsage? Usage { get; init; }
}
