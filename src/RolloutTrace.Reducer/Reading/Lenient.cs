using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>What is sound is kept, and every defect is noted.</summary>
internal sealed class Lenient(DefectLog log, Journal journal) : Tolerance
{
    public override bool TakesRepeatedReferences => true;

    public override bool HeedsMarkers => true;

    public override bool SkipsByteOrderMarks => true;

    public override bool MendsText => true;

    public override bool TakesRewrites => true;

    public override bool TakesShortForms => true;

    public override void Accept(Defect defect) => log.Add(defect);

    public override void Overlook(Defect defect)
    {
    }

    public override void Mention(Defect defect) => log.Add(defect);

    public override void Part(Action part, string kept)
    {
        var mark = journal.Mark;
        try
        {
            part();
        }
        catch (ReductionFault fault) when (!fault.IsInvalidText)
        {
            // Invalid text is left to the dispatcher, which has it mended and the whole event done again.
            journal.RollbackTo(mark);
            log.Add(new Defect
            {
                Severity = DiagnosticSeverity.Warning,
                Code = fault.Code,
                What = fault.Message,
                Kept = kept,
                Cause = fault.CauseKey,
            });
        }
    }

    public override void Refuse(string code, string message, Exception? fault, string? cause) =>
        log.Add(log.Describe(DiagnosticSeverity.Error, code, message), cause);
}
