using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Tests.Reading;

public class ToleranceTests
{
    private static readonly Defect Defect = new()
    {
        Severity = DiagnosticSeverity.Warning,
        Code = DiagnosticCodes.UnknownItemType,
        FaultCode = DiagnosticCodes.UnusablePayload,
        What = "an item of no known type",
        Kept = "kept as JSON",
    };

    private readonly Journal journal = new();
    private readonly DefectLog log;

    public ToleranceTests() => log = new DefectLog(journal);

    [Fact]
    public void Lenient_notes_what_it_accepts_and_says_what_is_kept()
    {
        log.MoveTo(new RawEventLine { LineNumber = 5, EndOffset = 0 });

        new Lenient(log, journal).Accept(Defect);

        log.Diagnostics.ShouldBe(
        [
            new ReductionDiagnostic
            {
                Severity = DiagnosticSeverity.Warning,
                Code = DiagnosticCodes.UnknownItemType,
                Message = "an item of no known type; kept as JSON",
                Line = 5,
            },
        ]);
    }

    [Fact]
    public void Strict_accepts_nothing()
    {
        var fault = Should.Throw<ReductionFault>(() => new Strict(log, "trace.jsonl").Accept(Defect));

        (fault.Code, fault.Message).ShouldBe((DiagnosticCodes.UnusablePayload, "an item of no known type"));
        log.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void Lenient_goes_on_without_a_line_that_is_refused()
    {
        new Lenient(log, journal).Refuse(DiagnosticCodes.Contradiction, "twice", fault: null, cause: null);

        log.Diagnostics.ShouldHaveSingleItem().Severity.ShouldBe(DiagnosticSeverity.Error);
    }

    [Fact]
    public void Strict_stops_at_the_line_and_names_it()
    {
        log.MoveTo(new RawEventLine { LineNumber = 5, EndOffset = 0 });

        var refusal = Should.Throw<ReductionException>(() => new Strict(log, "trace.jsonl").Refuse(DiagnosticCodes.Contradiction, "twice", fault: null, cause: null));

        refusal.Message.ShouldBe("trace.jsonl, line 5: twice");
        refusal.Diagnostic.Code.ShouldBe(DiagnosticCodes.Contradiction);
    }
}
