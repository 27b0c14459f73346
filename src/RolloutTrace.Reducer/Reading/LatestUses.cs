using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Ids of one kind of object that a recorder uses again when what had them before is over. Each use is an object of its own: the first
/// has the id as it is, later ones with their number behind it. What the log says of the id is said of the latest.
/// </summary>
internal sealed class LatestUses(ReplayState state, Tolerance tolerance, string kind)
{
    private readonly JournaledTable<string, string> latest = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<string, IdList> uses = new(state.Journal, StringComparer.Ordinal);

    /// <summary>The id that the latest use of an id has in the state.</summary>
    public string Of(string id) => latest.Find(id) ?? id;

    /// <summary>The id for a new use.</summary>
    /// <param name="raw">The event that starts it.</param>
    /// <param name="id">The id as the event has it.</param>
    /// <param name="before">How the latest use ran; null if there was none.</param>
    /// <exception cref="ReductionFault">The latest use is not over, or it is the same start told twice; or replay takes no id for two.</exception>
    public string Next(RawEvent raw, string id, ExecutionWindow? before)
    {
        if (before is null)
        {
            return id;
        }

        if (before.EndedSeq is null || before.StartedSeq == raw.Seq)
        {
            throw ReductionFault.Contradiction($"{kind} {id} has started already");
        }

        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = DiagnosticCodes.CallIdReused,
            FaultCode = DiagnosticCodes.Contradiction,
            What = $"{kind} {id} has started already",
            Kept = "it had ended, so that this is another one",
            Cause = $"{kind} {id}",
        });
        var number = (uses.Find(id) ?? IdList.Empty.Append(id)).Append(id);
        uses.Set(id, number);
        var next = $"{id}#{number.Count}";
        latest.Set(id, next);
        return next;
    }
}
