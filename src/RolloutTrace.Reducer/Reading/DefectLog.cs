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
    private readonly List<string?> causes = [];
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

        Append(Describe(defect.Severity, defect.Code, defect.Message), defect.Cause);
    }

    /// <summary>Notes that the line at hand is left out, or counts it if that comes from a cause that was noted before. No journal takes that back.</summary>
    public void Add(ReductionDiagnostic diagnostic, string? cause = null)
    {
        if (cause is not null && timesByCause.TryGetValue(cause, out var times))
        {
            timesByCause[cause] = times + 1;
            return;
        }

        if (cause is not null)
        {
            timesByCause.Add(cause, 1);
        }

        Append(diagnostic, cause);
    }

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

    /// <summary>Puts one diagnostic in the place of all that come from some causes. The log must be at its end.</summary>
    /// <param name="isCause">Whether what comes from a cause, or stands for itself on a line, is replaced.</param>
    /// <param name="with">Makes the diagnostic from the first that is replaced.</param>
    public void Fold(Func<string?, ReductionDiagnostic, bool> isCause, Func<ReductionDiagnostic, ReductionDiagnostic> with)
    {
        var kept = 0;
        var isFolded = false;
        for (var i = 0; i < diagnostics.Count; i++)
        {
            var (diagnostic, cause) = (diagnostics[i], causes[i]);
            if (isCause(cause, diagnostic))
            {
                if (isFolded)
                {
                    continue;
                }

                (diagnostic, cause, isFolded) = (with(diagnostic), null, true);
            }

            (diagnostics[kept], causes[kept]) = (diagnostic, cause);
            kept++;
        }

        diagnostics.RemoveRange(kept, diagnostics.Count - kept);
        causes.RemoveRange(kept, causes.Count - kept);
    }

    /// <summary>Says in each diagnostic how many more defects come from the same cause. The log must be at its end.</summary>
    public void Count()
    {
        for (var i = 0; i < diagnostics.Count; i++)
        {
            if (causes[i] == UnreadableLines.NotTold)
            {
                diagnostics[i] = WithLines(diagnostics[i], timesByCause[UnreadableLines.NotTold]);
            }
            else if (causes[i] is { } cause && timesByCause[cause] is > 1 and var times && diagnostics[i].Code is not (DiagnosticCodes.PayloadReplaced or DiagnosticCodes.TextMended))
            {
                diagnostics[i] = diagnostics[i] with { Message = $"{diagnostics[i].Message} ({times - 1} more of the same cause)" };
            }
        }
    }

    public void Undo(object? key, object? previous)
    {
        if (key is not null && previous is int times)
        {
            timesByCause[(string)key] = times;
            return;
        }

        // Changes are taken back last first, so it was this one's.
        diagnostics.RemoveAt(diagnostics.Count - 1);
        causes.RemoveAt(causes.Count - 1);
        if (key is not null)
        {
            timesByCause.Remove((string)key);
        }
    }

    private static ReductionDiagnostic WithLines(ReductionDiagnostic first, int lines) => lines == 1 ? first : first with
    {
        Message = $"{UnreadableLines.MostTold + lines} lines are no events; the first {UnreadableLines.MostTold} are listed, the {lines} from this one on are counted",
        Count = lines,
    };

    private void Append(ReductionDiagnostic diagnostic, string? cause)
    {
        diagnostics.Add(diagnostic);
        causes.Add(cause);
    }
}
