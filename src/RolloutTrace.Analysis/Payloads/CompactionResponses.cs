using System.Collections.Concurrent;
using System.Text.Json;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Payloads;

/// <summary>
/// What the model answered to requests of compactions, which the state does not keep. Each is read when it is first asked for, and
/// once. Safe for concurrent use.
/// </summary>
internal sealed class CompactionResponses(RolloutGraph graph, PayloadLookup? payloads)
{
    private static readonly CompactionResponse None = new();

    private readonly ConcurrentDictionary<string, CompactionResponse> read = new(StringComparer.Ordinal);

    /// <summary>The answer to a request; without a bundle, and where it cannot be read, nothing is known of it.</summary>
    public CompactionResponse Of(RecordedCompactionRequest request) => read.GetOrAdd(request.CompactionRequestId, _ => Read(request));

    private CompactionResponse Read(RecordedCompactionRequest request)
    {
        var payload = request.RawResponsePayloadId is { } id ? graph.RawPayloads.GetValueOrDefault(id) : null;
        return payloads?.Document(payload, Parse) ?? None;
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
