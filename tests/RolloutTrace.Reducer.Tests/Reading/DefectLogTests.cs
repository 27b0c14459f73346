using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Tests.Reading;

public class DefectLogTests
{
    private readonly Journal journal = new();
    private readonly DefectLog log;

    public DefectLogTests() => log = new DefectLog(journal);

    [Fact]
    public void Defects_of_one_cause_are_one_diagnostic_and_counted()
    {
        log.MoveTo(Line(3));
        log.Add(Defect("a", cause: "c1"));
        log.MoveTo(Line(4));
        log.Add(Defect("b", cause: "c1"));
        log.Add(Defect("c", cause: "c2"));

        log.Diagnostics.Select(d => (d.Line, d.Message)).ShouldBe([(3, "a"), (4, "c")]);
        log.TimesOf("c1").ShouldBe(2);
        log.TimesOf("c2").ShouldBe(1);
        log.TimesOf("c3").ShouldBe(0);
    }

    [Fact]
    public void Defects_without_a_cause_stand_for_themselves()
    {
        log.Add(Defect("a"));
        log.Add(Defect("a"));

        log.Diagnostics.Count.ShouldBe(2);
    }

    [Fact]
    public void An_event_that_is_taken_back_takes_its_notes_along_and_no_others()
    {
        log.Add(Defect("kept", cause: "c1"));
        journal.Commit();
        log.Add(Defect("counted with c1", cause: "c1"));
        log.Add(Defect("by itself"));
        log.Add(Defect("c2's", cause: "c2"));
        log.Add(Defect("counted with c2", cause: "c2"));

        journal.Rollback();

        log.Diagnostics.Select(d => d.Message).ShouldBe(["kept"]);
        log.TimesOf("c1").ShouldBe(1);
        log.TimesOf("c2").ShouldBe(0);
    }

    [Fact]
    public void A_cause_whose_first_note_was_taken_back_is_noted_when_it_comes_again()
    {
        log.Add(Defect("first", cause: "c"));
        journal.Rollback();

        log.Add(Defect("second", cause: "c"));

        log.Diagnostics.Select(d => d.Message).ShouldBe(["second"]);
    }

    [Fact]
    public void What_was_refused_is_not_taken_back()
    {
        log.MoveTo(Line(7));
        log.Add(log.Describe(DiagnosticSeverity.Error, DiagnosticCodes.Contradiction, "refused"));

        journal.Rollback();

        log.Diagnostics.ShouldHaveSingleItem().Line.ShouldBe(7);
    }

    private static Defect Defect(string what, string? cause = null) =>
        new() { Severity = DiagnosticSeverity.Warning, Code = DiagnosticCodes.UnknownItemType, What = what, Cause = cause };

    private static RawEventLine Line(long number) => new() { LineNumber = number, EndOffset = 0 };
}
