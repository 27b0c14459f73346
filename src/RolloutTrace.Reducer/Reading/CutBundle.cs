using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Knows a bundle that was copied or cut while it was written: from some event on the payloads that the log names are not there, or the
/// log ends in the middle of a line. That is one thing that is wrong, and one diagnostic. A bundle that is being written is none.
/// </summary>
internal sealed class CutBundle(BundleReader bundle, ReplayState state, DefectLog defects)
{
    private RawEventLine last;

    /// <summary>Replay has come to a line.</summary>
    public void MoveTo(RawEventLine line) => last = line;

    /// <summary>Replay is at the end of the log.</summary>
    public void Conclude()
    {
        var isTorn = last.Defect is { Kind: LineDefectKind.NotJson } && last.Event is null;
        var missing = Missing(isTorn);
        if ((missing.Count == 0 && !isTorn) || bundle.FindWriter() == BundleWriterState.Alive)
        {
            return;
        }

        var causes = missing.Select(Payload.CauseOf).ToHashSet(StringComparer.Ordinal);
        var tornCause = UnreadableLines.CauseOf(last.LineNumber);
        var lines = isTorn ? " and its last line is torn" : "";
        defects.Fold(
            (cause, _) => cause is not null && (causes.Contains(cause) || (isTorn && cause == tornCause)),
            first => first with
            {
                Severity = DiagnosticSeverity.Warning,
                Code = DiagnosticCodes.BundleCut,
                Message = missing.Count == 0
                    ? "the last line of the log is torn: the bundle was copied or cut while it was written"
                    : $"from seq {first.Seq} on, which names {missing[0]}, payloads are missing ({missing.Count} of them){lines}: the bundle was copied or cut while it was written",
            });
    }

    // The payloads from some one on, if none from there on is there. One alone that is missing of a rollout that ended is just missing.
    private List<string> Missing(bool isTorn)
    {
        if (!defects.Diagnostics.Any(diagnostic => diagnostic.Code == DiagnosticCodes.PayloadMissing))
        {
            return [];
        }

        var missing = new List<string>();
        foreach (var reference in state.RawPayloads.Values)
        {
            if (!BundlePath.IsPlain(reference.Path))
            {
                // Nobody cut that off: it was never there.
                continue;
            }

            if (!bundle.HasPayload(reference))
            {
                missing.Add(reference.RawPayloadId);
            }
            else
            {
                missing.Clear();
            }
        }

        return missing.Count > 1 || isTorn || state.Status.Value == RolloutStatus.Running ? missing : [];
    }
}
