namespace RolloutTrace.Reducer.Reading;

/// <summary>What is sound is kept, and every defect is noted.</summary>
internal sealed class Lenient(DefectLog log) : Tolerance
{
    public override bool TakesRepeatedReferences => true;

    public override bool HeedsMarkers => true;

    public override bool MendsText => true;

    public override void Accept(Defect defect) => log.Add(defect);

    public override void Refuse(string code, string message, Exception? cause) =>
        log.Add(log.Describe(DiagnosticSeverity.Error, code, message));
}
