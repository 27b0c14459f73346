using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// The defects of a bundle as diagnostics, in the order of the log, one a cause. It is journaled: an event that is taken back
/// takes along what was noted of it.
/// </summary>
internal sealed class DefectLog(Journal journal) : IJournaled
{
    private readonly List<ReductionDiagnostic> diagnostics = [];
    private readonly Dictionary<string, int> timesByCause = new(StringComparer.Ordinal);
    private RawEventLine line;

    /// <summary>What was noted, in the order of the log.</summary>
    public IReadOnlyList<ReductionDiagnostic> Diagnostics => diagnostics;

    /// <summary>What is noted from now on is of this line.</summary>
    public void MoveTo(RawEventLine current) => line = current;

    /// <summary>Notes a defect of the line at hand, or counts it if its cause was noted before.</summary>
    public void Add(Defect defect)
    {
        if (defect.Cause is null)
        {
            journal.Record(this, key: null, previous: null);
        }
        else if (timesByCause.TryGetValue(defect.Cause, out var times))
        {
            journal.Record(this, defect.Cause, times);
            timesByCause[defect.Cause] = times + 1;
            return;
        }
        else
        {
            journal.Record(this, defect.Cause, previous: null);
            timesByCause.Add(defect.Cause, 1);
        }

        diagnostics.Add(Describe(defect.Severity, defect.Code, defect.Message));
    }

    /// <summary>Notes that the line at hand is left out. No journal takes that back.</summary>
    public void Add(ReductionDiagnostic diagnostic) => diagnostics.Add(diagnostic);

    /// <summary>A diagnostic of the line at hand, which is not noted by that.</summary>
    public ReductionDiagnostic Describe(DiagnosticSeverity severity, string code, string message) => new()
    {
        Severity = severity,
        Code = code,
        Message = message,
        Seq = line.Event?.Seq,
        Line = line.LineNumber,
    };

    /// <summary>How many defects came from a cause.</summary>
    public int TimesOf(string cause) => timesByCause.GetValueOrDefault(cause);

    public void Undo(object? key, object? previous)
    {
        if (key is not null && previous is int times)
        {
            timesByCause[(string)key] = times;
            return;
        }

        // Changes are taken back last first, so it was this one's.
        diagnostics.RemoveAt(diagnostics.Count - 1);
        if (key is not null)
        {
            timesByCause.Remove((string)key);
        }
    }
}
