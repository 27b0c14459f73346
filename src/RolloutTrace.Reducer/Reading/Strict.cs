using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>Nothing unsound is accepted, and the first thing that is refused ends the reduction.</summary>
/// <param name="log">Says where replay is.</param>
/// <param name="logFile">How errors name the log.</param>
internal sealed class Strict(DefectLog log, string logFile) : Tolerance
{
    public override bool TakesRepeatedReferences => false;

    public override bool HeedsMarkers => false;

    public override bool SkipsByteOrderMarks => false;

    public override bool MendsText => false;

    public override bool TakesRewrites => false;

    public override bool TakesShortForms => false;

    public override void Accept(Defect defect) => throw ReductionFault.Of(defect.FaultCode, defect.What);

    public override void Overlook(Defect defect) => Accept(defect);

    public override void Mention(Defect defect)
    {
    }

    public override void Part(Action part, string kept) => part();

    public override void Refuse(string code, string message, Exception? fault, string? cause) =>
        throw new ReductionException(logFile, log.Describe(DiagnosticSeverity.Error, code, message), fault);
}
