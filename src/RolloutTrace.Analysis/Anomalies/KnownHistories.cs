using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>
/// Of which requests it is known what they showed to the model, and of which responses what they answered. Unknown is not empty:
/// findings conclude nothing from what is not known.
/// </summary>
internal sealed class KnownHistories
{
    private readonly RolloutFacts facts;
    private readonly Dictionary<string, long> firstUnknown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> lastUnknown = new(StringComparer.Ordinal);
    private readonly HashSet<long> damaged;
    private readonly List<long> damagedInOrder;
    private readonly long? firstReplaced;
    private readonly List<long> lostEvents;

    public KnownHistories(OpenRollout rollout)
    {
        facts = rollout.Facts;
        damaged = [.. rollout.Diagnostics.Where(static diagnostic => MissingEvidence.IsDamage(diagnostic)).Select(static diagnostic => diagnostic.Seq ?? 0)];
        damagedInOrder = [.. damaged.Order()];
        firstReplaced = rollout.Diagnostics.Where(static diagnostic => diagnostic.Code == DiagnosticCodes.PayloadReplaced).Min(static diagnostic => diagnostic.Seq);

        // Recorders number events from 1 without holes, one a line: a line stands for the number that cannot be read.
        lostEvents = [.. rollout.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(static diagnostic => diagnostic.Seq ?? diagnostic.Line).Order()];
        foreach (var request in rollout.Graph.InferenceCalls.Values)
        {
            if (IsUnknown(request) || facts.UnknownResponses.ContainsKey(request.InferenceCallId))
            {
                var seq = request.Execution.StartedSeq;
                firstUnknown[request.ThreadId] = Math.Min(seq, firstUnknown.GetValueOrDefault(request.ThreadId, seq));
                lastUnknown[request.ThreadId] = Math.Max(seq, lastUnknown.GetValueOrDefault(request.ThreadId, seq));
            }
        }
    }

    /// <summary>Whether anything is unknown, in any thread.</summary>
    public bool AnyUnknown => firstUnknown.Count > 0;

    /// <summary>Whether it is not known what a request showed to the model.</summary>
    public bool IsUnknown(InferenceCall request) => facts.UnknownRequests.ContainsKey(request.InferenceCallId)
        || (request.RequestItemIds.Count == 0 && firstReplaced <= request.Execution.StartedSeq);

    /// <summary>Whether it is not known, whole and as it was, what a request showed to the model.</summary>
    public bool IsUnsure(InferenceCall request) => IsUnknown(request) || damaged.Contains(request.Execution.StartedSeq);

    /// <summary>Whether anything that a thread's model was shown or answered is unknown.</summary>
    public bool AnyUnknownIn(string threadId) => firstUnknown.ContainsKey(threadId);

    /// <summary>Whether anything of a thread is unknown at an event or before it.</summary>
    public bool AnyUnknownUntil(string threadId, long seq) => firstUnknown.TryGetValue(threadId, out var first) && first <= seq;

    /// <summary>Whether anything of a thread is unknown at an event or behind it.</summary>
    public bool AnyUnknownFrom(string threadId, long seq) => lastUnknown.TryGetValue(threadId, out var last) && last >= seq;

    /// <summary>Whether anything is missing of what an event from one to another, both included, showed.</summary>
    public bool IsDamagedWithin(long first, long last) => IsWithin(damagedInOrder, first, last);

    /// <summary>Whether an event between two others could not be used, whatever it was.</summary>
    public bool IsEventLostBetween(long first, long second) => IsWithin(lostEvents, first, second - 1);

    private static bool IsWithin(List<long> seqs, long first, long last)
    {
        var place = seqs.BinarySearch(first);
        place = place < 0 ? ~place : place;
        return place < seqs.Count && seqs[place] <= last;
    }
}
