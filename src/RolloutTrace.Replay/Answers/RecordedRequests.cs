using System.Text.Json;
using RolloutTrace.Reducer;
using RolloutTrace.Replay.Requests;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Answers;

/// <summary>All requests of a recording, in the order in which they were started. Immutable but for what is read of responses; safe for concurrent use.</summary>
internal sealed class RecordedRequests
{
    private const int ShortestName = 4;

    private readonly RecordedRun run;
    private readonly List<RecordedRequest> all = [];
    private readonly Dictionary<UInt128, List<RecordedRequest>> byItems = [];
    private readonly Dictionary<string, RecordedRequest> byResponse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> continued = new(StringComparer.Ordinal);

    public RecordedRequests(RecordedRun run)
    {
        this.run = run;
        var graph = run.Rollout.Graph;
        var calls = graph.InferenceCalls.Values
            .Select(static call => (call.Execution, Read: (Action<RecordedRequests>)(requests => requests.Add(call))))
            .Concat(graph.CompactionRequests.Values.Select(static call => (call.Execution, Read: (Action<RecordedRequests>)(requests => requests.Add(call)))));
        foreach (var (_, read) in calls.OrderBy(static call => call.Execution.StartedSeq))
        {
            read(this);
        }
    }

    public IReadOnlyList<RecordedRequest> All => all;

    /// <summary>Those that show the same items, in order.</summary>
    public IReadOnlyList<RecordedRequest> WithItems(UInt128 key) => byItems.TryGetValue(key, out var found) ? found : [];

    /// <summary>The request that a response answered; null if none is known by that id.</summary>
    public RecordedRequest? Answered(string responseId) => byResponse.GetValueOrDefault(responseId);

    /// <summary>The name by which a later request goes on from a response; null if none does.</summary>
    public string? NameFor(string? responseId) => responseId is null ? null : continued.GetValueOrDefault(responseId);

    /// <summary>The request that somebody names: by its id, by the end of it, or by its number among the requests, from 1, as <c>#N</c>.</summary>
    /// <exception cref="ArgumentException">There is none, or there are several.</exception>
    public RecordedRequest Named(string name)
    {
        var found = name.StartsWith('#') && int.TryParse(name.AsSpan(1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? [.. all.Where(request => request.Ordinal == number - 1)]
            : all.Where(request => request.Id == name).ToList() is [var exact] ? [exact]
            : name.Length < ShortestName ? []
            : all.Where(request => request.Id.EndsWith(name, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new ArgumentException($"{run.Rollout.Graph.RolloutId}: has no request '{name}'; it has {all.Count}, from #1{(all.Count > 0 ? $" ({all[0].Id})" : "")}", nameof(name)),
            _ => throw new ArgumentException($"{run.Rollout.Graph.RolloutId}: '{name}' may be any of {string.Join(", ", found.Take(3).Select(static request => request.Id))}", nameof(name)),
        };
    }

    /// <summary>What requests that continue a recorded one begin with; null if that is not known.</summary>
    public (RequestShape Request, IReadOnlyList<CanonicalText> Response)? Before(RecordedRequest request) =>
        request.Shape is not { } shape ? null
        : run.Rollout.Payloads?.Document(request.Response, response => run.Reader.ReadResponse(response, request.Execution.StartedAtUnixMs)) is { } said ? (shape, said)
        : (shape, []);

    private void Add(InferenceCall call) =>
        Add(call.InferenceCallId, call.Execution, call.Model, call.ProviderName, call.RawRequestPayloadId, call.RawResponsePayloadId, call.ResponseId, run.Rollout.Failures.Of(call));

    private void Add(RecordedCompactionRequest call) =>
        Add(call.CompactionRequestId, call.Execution, call.Model, call.ProviderName, call.RawRequestPayloadId, call.RawResponsePayloadId, responseId: null, run.Rollout.Failures.Of(call));

    private void Add(string id, ExecutionWindow execution, string model, string provider, string request, string? response, string? responseId, string? error)
    {
        var payloads = run.Rollout.Graph.RawPayloads;
        string? previous = null;
        string? conversation = null;
        var shape = run.Rollout.Payloads?.Document(payloads.GetValueOrDefault(request), document =>
        {
            previous = PreviousOf(document);
            conversation = JsonText.MemberOrNull(document, "conversation");
            return run.Reader.Read(document, execution.StartedAtUnixMs, previous is not null && byResponse.TryGetValue(previous, out var before) ? Before(before) : null);
        });
        var read = new RecordedRequest
        {
            Id = id,
            Ordinal = all.Count,
            Execution = execution,
            Model = model,
            ProviderName = provider,
            Shape = shape,
            Previous = previous,
            Conversation = conversation,
            Payload = payloads.GetValueOrDefault(request),
            Response = response is null ? null : payloads.GetValueOrDefault(response),
            ResponseId = responseId,
            Error = error,
        };
        all.Add(read);
        if (shape is not null)
        {
            (byItems.TryGetValue(shape.ItemsKey, out var same) ? same : byItems[shape.ItemsKey] = []).Add(read);
        }

        if (responseId is not null)
        {
            byResponse[responseId] = read;
        }

        if (previous is not null)
        {
            continued.TryAdd(previous, conversation ?? previous);
        }
    }

    /// <summary>The response that a request continues; null if it continues none.</summary>
    public static string? PreviousOf(JsonElement request) =>
        Dialects.OfRequest(request).PreviousResponse is { } member ? JsonText.MemberOrNull(request, member) : null;
}
