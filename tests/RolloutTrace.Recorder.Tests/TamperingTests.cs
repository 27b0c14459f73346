using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests;

/// <summary>
/// What somebody does to a bundle while it is recorded. Each event that was made is on disk or counted as lost, what is on disk is
/// read without a diagnostic, the cause is reported with the bundle's name, and another bundle goes on.
/// </summary>
public class TamperingTests
{
    private const int AtStart = 2;
    private const int Before = 20;
    private const int After = 30;

    [Theory]
    [InlineData("truncated to nothing", "log_changed", "log_truncated", 0)]
    [InlineData("truncated in a line", "log_changed", "log_truncated", 9)]
    [InlineData("truncated before a line's end", "log_changed", "log_truncated", 9)]
    [InlineData("truncated and blown up with NULs", "log_changed", "log_rewritten", 10)]
    [InlineData("written anew in place", "log_changed", "log_rewritten", 22)]
    [InlineData("edited by renaming", "log_changed", "log_replaced", 22)]
    [InlineData("replaced by a part of it", "log_changed", "log_replaced", 5)]
    [InlineData("replaced by a link", "log_changed", "log_replaced", 0)]
    [InlineData("replaced by a pipe", "log_changed", "log_replaced", 0)]
    [InlineData("deleted", "log_changed", "log_removed", 0)]
    [InlineData("renamed", "log_changed", "log_removed", 22)]
    [InlineData("payloads deleted", "directory_lost", "payloads_removed", 22)]
    [InlineData("payloads deleted and made anew", "directory_lost", "payloads_replaced", 22)]
    [InlineData("payloads replaced by a link", "directory_lost", "payloads_replaced", 22)]
    [InlineData("bundle deleted", "directory_lost", "directory_removed", 0)]
    [InlineData("bundle moved", "directory_lost", "directory_removed", 22)]
    [InlineData("bundle replaced by a copy", "directory_lost", "directory_replaced", 22)]
    [InlineData("bundle replaced by a link to it", "directory_lost", "directory_replaced", 22)]
    [InlineData("bundle replaced by a link to another directory", "directory_lost", "directory_replaced", 0)]
    [InlineData("root moved", "directory_lost", "directory_removed", 22)]
    public void Every_event_is_on_disk_or_counted(string what, string cause, string detail, int left)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var elsewhere = new Scratch();
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture();
        var session = recorder.StartSession();
        Observe(session, Before);
        recorder.Flush();
        var bundle = recorder.Bundle;
        var name = Path.GetFileName(bundle);

        Tamper.With(bundle, what, elsewhere.Path);
        Observe(session, After);
        recorder.Flush();
        Observe(session, After);
        session.Complete();
        recorder.Flush();

        const int Made = AtStart + Before + After + After + 2;
        var onDisk = Tamper.EventsIn(what is "bundle moved" or "bundle replaced by a link to it" or "renamed" or "root moved" ? elsewhere.Path : bundle);
        onDisk.ShouldBe(left);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(Made - onDisk);
        recorder.Metric("rollout.recorder.events.not_recorded", cause).ShouldBe(Made - onDisk);
        (recorder.Metric("rollout.recorder.events.written") - recorder.Metric("rollout.recorder.events.removed")).ShouldBe(onDisk);
        reports.Of("BundleStopped").Where(r => r.Contains(name, StringComparison.Ordinal)).ShouldBe([$"{name} {cause} {detail}"]);
        Directory.EnumerateFileSystemEntries(Path.Join(elsewhere.Path, "not-ours")).ShouldBeEmpty();

        new ScriptedAgent().Run(recorder.StartSession());
        recorder.Flush();
        RecorderFixture.Reduce(recorder.Bundles.Single(b => !b.EndsWith(name, StringComparison.Ordinal) && BundleReader.IsBundle(b))).Status.ShouldBe(RolloutStatus.Completed);
    }

    [Theory]
    [InlineData("truncated to nothing")]
    [InlineData("truncated in a line")]
    [InlineData("truncated and blown up with NULs")]
    [InlineData("edited by renaming")]
    public void What_is_left_is_a_prefix_that_strict_reading_takes_and_says_what_was_lost(string what)
    {
        using var elsewhere = new Scratch();
        using var recorder = new RecorderFixture();
        var session = recorder.StartSession();
        Observe(session, Before);
        recorder.Flush();
        Tamper.With(recorder.Bundle, what, elsewhere.Path);
        Observe(session, After);
        recorder.Flush();

        var reader = BundleReader.Open(recorder.Bundle);
        var events = reader.ReadEvents().Select(l => l.Event.ShouldNotBeNull(l.Defect?.Text)).ToArray();
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, events.Length).Select(i => (long)i));
        File.ReadAllBytes(Path.Join(recorder.Bundle, "trace.jsonl")).ShouldNotContain((byte)0);
        RolloutReducer.Reduce(reader, new ReductionOptions { Strict = true });
        var lost = reader.Manifest.Lost.ShouldNotBeNull();
        lost.ShouldBe(new BundleLoss { Cause = "log_changed", Events = AtStart + Before + After - events.Length });
        BundleOverview.Read(reader, DateTimeOffset.UtcNow).Status.ShouldBe(RolloutStanding.Cut);
    }

    [Theory]
    [InlineData("text appended", "log_appended_to")]
    [InlineData("half a line appended", "log_appended_to")]
    [InlineData("manifest deleted", "manifest_removed")]
    [InlineData("hard link made", null)]
    [InlineData("state written", null)]
    [InlineData("directory touched", null)]
    public void What_can_be_put_right_or_does_no_harm_costs_nothing(string what, string? reported)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var elsewhere = new Scratch();
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture();
        var session = recorder.StartSession();
        Observe(session, Before);
        recorder.Flush();
        var name = Path.GetFileName(recorder.Bundle);

        Tamper.With(recorder.Bundle, what, elsewhere.Path);
        Observe(session, After);
        recorder.Flush();
        Tamper.With(recorder.Bundle, what, elsewhere.Path);
        session.Complete();
        recorder.Flush();

        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(AtStart + Before + After + 2);
        RecorderFixture.Reduce(recorder.Bundle).Status.ShouldBe(RolloutStatus.Completed);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
        BundleReader.Open(recorder.Bundle).Manifest.Lost.ShouldBeNull();
        reports.Of("BundleRepaired").Where(r => r.Contains(name, StringComparison.Ordinal)).ShouldBe(reported is null ? [] : [$"{name} {reported}"]);
    }

    [Fact]
    public void A_log_whose_file_is_closed_is_known_again_too()
    {
        using var recorder = new RecorderFixture(o => o.MaxOpenFiles = 1);
        var first = recorder.StartSession();
        recorder.Flush();
        var bundle = recorder.Bundle;
        using var other = recorder.StartSession();
        recorder.Flush();
        var log = Path.Join(bundle, "trace.jsonl");
        File.Copy(log, log + ".new");
        File.Move(log + ".new", log, overwrite: true);

        Observe(first, After);
        recorder.Flush();

        RecorderFixture.Events(bundle).Count.ShouldBe(AtStart);
        recorder.Metric("rollout.recorder.events.not_recorded", "log_changed").ShouldBe(After);
    }

    [Fact]
    public void A_payload_file_that_is_there_already_is_left_and_stops_the_bundle()
    {
        using var recorder = new RecorderFixture();
        var session = recorder.StartSession();
        recorder.Flush();
        File.WriteAllText(Path.Join(recorder.Bundle, "payloads", "3.json"), "mine");

        Observe(session, After);
        recorder.Flush();

        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(AtStart + 1);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(After - 1);
        File.ReadAllText(Path.Join(recorder.Bundle, "payloads", "3.json")).ShouldBe("mine");
    }

    private static void Observe(AgentSession session, int times)
    {
        for (var i = 0; i < times; i++)
        {
            session.ProtocolEventObserved("a", Encoding.UTF8.GetBytes($"\"{i} secret\""));
        }
    }

    private sealed class Scratch : IDisposable
    {
        private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-elsewhere-");

        public Scratch() => directory.CreateSubdirectory("not-ours");

        public string Path => directory.FullName;

        public void Dispose() => directory.Delete(recursive: true);
    }
}
