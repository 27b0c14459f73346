using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>What a reader could not get out of the bundle, so that "nothing found" says that nothing was hidden either.</summary>
internal static class MissingEvidence
{
    private const int MostNamed = 5;

    // What is warned of, and yet all there, in a form of its own or with a word that was guessed at.
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        DiagnosticCodes.CallIdReused,
        DiagnosticCodes.HistoryRewritten,
        DiagnosticCodes.ItemRepeated,
        DiagnosticCodes.UnknownItemType,
        DiagnosticCodes.WordUnknown,
        DiagnosticCodes.LaterVersion,
        DiagnosticCodes.MemberIgnored,
    };

    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout)
    {
        var told = new HashSet<ReductionDiagnostic>(ReferenceEqualityComparer.Instance);
        var missing = rollout.Diagnostics.Where(IsMissing).ToList();
        var cut = missing.Find(static diagnostic => diagnostic.Code == DiagnosticCodes.BundleCut);
        if (cut is not null)
        {
            told.Add(cut);
            yield return OfCut(rollout, cut);
        }

        var requests = Unread(rollout, rollout.Facts.UnknownRequests, static request => request.RawRequestPayloadId, static request => request.Execution.StartedSeq, cut);
        var responses = Unread(rollout, rollout.Facts.UnknownResponses, static request => request.RawResponsePayloadId, static request => request.Execution.EndedSeq, cut);
        foreach (var what in new[] { "request", "response" })
        {
            var unread = what == "request" ? requests : responses;
            if (unread.Count == 0)
            {
                continue;
            }

            var seqs = unread.Select(static entry => entry.Seq).ToHashSet();
            told.UnionWith(missing.Where(diagnostic => diagnostic.Seq is { } seq && seqs.Contains(seq)));
            foreach (var alike in unread.GroupBy(entry => IsReadInPart(rollout.Graph.InferenceCalls[entry.Id], what)))
            {
                yield return OfUnread(rollout.Graph, what, [.. alike], alike.Key ? "could be read only in part" : "could not be read");
            }
        }

        foreach (var ofKind in missing.Where(diagnostic => !told.Contains(diagnostic)).GroupBy(static diagnostic => diagnostic.Code, StringComparer.Ordinal))
        {
            var all = ofKind.ToList();
            yield return Anomaly(
                rollout.Graph,
                $"{WithinBundle(rollout, all[0].Message)}{(all.Count > 1 ? $"; and {all.Count - 1} more of this kind ({ofKind.Key})" : "")}",
                all.Select(static diagnostic => diagnostic.Seq));
        }
    }

    /// <summary>Whether a diagnostic says that something of what was recorded is missing.</summary>
    public static bool IsMissing(ReductionDiagnostic diagnostic) => diagnostic.Severity switch
    {
        DiagnosticSeverity.Error => true,
        DiagnosticSeverity.Warning => !Kept.Contains(diagnostic.Code) && diagnostic.Code != DiagnosticCodes.Contradiction,
        _ => false,
    };

    /// <summary>Whether a diagnostic says that what an event showed is not whole, or not as it was.</summary>
    public static bool IsDamage(ReductionDiagnostic diagnostic) => IsMissing(diagnostic)
        && diagnostic.Code is not (DiagnosticCodes.UnknownResponse or DiagnosticCodes.StartMissing or DiagnosticCodes.LineRepaired);

    // What follows from the cut is told with it.
    private static RolloutAnomaly OfCut(OpenRollout rollout, ReductionDiagnostic cut)
    {
        var requests = rollout.Facts.UnknownRequests.Count;
        var open = rollout.Liveness.Status == RolloutStanding.Unended ? UnfinishedWork.Open(rollout.Graph).Count() : 0;
        var follows = new[]
        {
            requests > 0 ? $"of {Number(requests, "request")} it is not known what the model was shown" : null,
            open > 0 ? $"{Number(open, "thing")} without an end may have ended since" : null,
        }.OfType<string>().ToList();
        return Anomaly(rollout.Graph, $"{cut.Message}{(follows.Count > 0 ? "; " + string.Join(", ", follows) : "")}", [cut.Seq]);
    }

    private static bool IsReadInPart(InferenceCall call, string what) => (what == "request" ? call.RequestItemIds : call.ResponseItemIds).Count > 0;

    private static RolloutAnomaly OfUnread(RolloutGraph graph, string what, List<UnreadCall> unread, string how)
    {
        var ids = string.Join(", ", unread.Take(MostNamed).Select(static entry => entry.Id));
        return Anomaly(
            graph,
            $"{Number(unread.Count, what)} {how}: {ids}{(unread.Count > MostNamed ? ", and more" : "")}",
            unread.Select(static entry => (long?)entry.Seq)) with
        {
            Subject = unread.Count == 1 ? unread[0].Id : graph.RolloutId,
        };
    }

    // Those that continue an unread one are unknown as well, and could be read.
    private static List<UnreadCall> Unread(
        OpenRollout rollout,
        IReadOnlyDictionary<string, string> unknown,
        Func<InferenceCall, string?> payloadOf,
        Func<InferenceCall, long?> seqOf,
        ReductionDiagnostic? cut) => unknown.Count == 0 ? [] :
    [
        .. unknown
            .Where(entry => rollout.Graph.InferenceCalls.GetValueOrDefault(entry.Key) is { } call && payloadOf(call) is { } payload && entry.Value.EndsWith(" " + payload, StringComparison.Ordinal))
            .Select(entry => new UnreadCall(entry.Key, seqOf(rollout.Graph.InferenceCalls[entry.Key]) ?? 0))
            .Where(entry => !(cut?.Seq <= entry.Seq))
            .OrderBy(static entry => entry.Seq),
    ];

    private static RolloutAnomaly Anomaly(RolloutGraph graph, string message, IEnumerable<long?> seqs) => new()
    {
        Code = AnomalyCodes.EvidenceMissing,
        Subject = graph.RolloutId,
        Message = message,
        Evidence = [.. seqs.OfType<long>().Distinct().Take(MostNamed).Select(Evidence.Event)],
    };

    // Who asks knows where the bundle is.
    private static string WithinBundle(OpenRollout rollout, string message) => rollout.Bundle is { } bundle
        ? message.Replace(bundle.DisplayName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        : message;

    private static string Number(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private sealed record UnreadCall(string Id, long Seq);
}
