using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Reading;

/// <summary>A bundle that was copied or cut while it was written is one thing that is wrong; one that is being written is none.</summary>
public sealed class CutBundleTests : IDisposable
{
    private readonly TestBundle bundle = new TestBundle().WithTurn();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void Payloads_that_are_missing_from_some_one_on_and_a_torn_line_are_one_diagnostic()
    {
        Cut();

        var diagnostic = bundle.Reduce().Diagnostics.ShouldHaveSingleItem();

        (diagnostic.Code, diagnostic.Severity, diagnostic.Seq).ShouldBe((DiagnosticCodes.BundleCut, DiagnosticSeverity.Warning, 4));
        diagnostic.Message.ShouldBe("from seq 4 on, which names raw_payload:2, payloads are missing (2 of them) and its last line is torn: the bundle was copied or cut while it was written");
    }

    [Fact]
    public void A_payload_that_is_missing_before_one_that_is_there_is_just_missing()
    {
        Cut();
        bundle.Request("i4", """{"input":[]}""");

        bundle.Reduce().Diagnostics.Select(diagnostic => diagnostic.Code)
            .ShouldBe([DiagnosticCodes.PayloadMissing, DiagnosticCodes.PayloadMissing, DiagnosticCodes.UnreadableEvent]);
    }

    [Fact]
    public void While_a_recorder_holds_its_lock_the_bundle_is_no_copy()
    {
        Cut();
        bundle.Reduce();
        using var held = BundleWriterLock.TryTake(Path.GetDirectoryName(bundle.Directory)!).ShouldNotBeNull();
        var manifest = Path.Join(bundle.Directory, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("{", $"{{\"writer_lock\":\"{held.Id}\",", StringComparison.Ordinal));

        RolloutReducer.Reduce(bundle.Directory).Diagnostics.ShouldNotContain(diagnostic => diagnostic.Code == DiagnosticCodes.BundleCut);
    }

    [Fact]
    public void Payloads_outside_of_the_bundle_were_never_in_it()
    {
        bundle.Request("i1", """{"input":[]}""").Request("i2", """{"input":[]}""");
        var log = Path.Join(bundle.Directory, "trace.jsonl");
        bundle.Reduce();
        File.WriteAllText(log, File.ReadAllText(log).Replace("payloads/", "../payloads/", StringComparison.Ordinal));

        var diagnostics = RolloutReducer.Reduce(bundle.Directory).Diagnostics;

        diagnostics.ShouldAllBe(diagnostic => diagnostic.Code == DiagnosticCodes.PayloadMissing);
        diagnostics[^1].Message.ShouldContain("the path '../payloads/");
    }

    private void Cut()
    {
        bundle.Request("i1", """{"input":[]}""").Request("i2", """{"input":[]}""").Request("i3", """{"input":[]}""").AppendLine("""{"schema_version":1,"seq":6,"wall""");
        File.Delete(Path.Join(bundle.Directory, "payloads", "2.json"));
        File.Delete(Path.Join(bundle.Directory, "payloads", "3.json"));
    }
}
