namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>A process that comes to an end without having disposed anything.</summary>
public class EndingTests
{
    [Theory]
    [InlineData("exit", 3)]
    [InlineData("return", 3)]
    [InlineData("throw", 134)]
    [InlineData("shutdown", 3)]
    public void Nothing_is_lost_however_it_ends(string scenario, int exitCode)
    {
        using var target = new TargetProcess(scenario);

        target.WaitForExit().ShouldBe(exitCode, target.Errors);

        IsAllThere(target);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    public void Nothing_is_lost_whichever_signal_ends_it(string signal)
    {
        using var target = new TargetProcess("wait");
        target.WaitUntilSaid("handed-over");

        target.Signal(signal);
        target.WaitForExit();

        IsAllThere(target);
    }

    [Fact]
    public void A_pool_without_a_free_thread_keeps_neither_a_flush_nor_the_end_from_writing_everything()
    {
        using var target = new TargetProcess("starved");
        target.WaitUntilSaid("handed-over");

        target.Signal("TERM");
        target.WaitForExit();

        var flushed = target.Said("flushed").Single();
        flushed[0].ShouldBe("True");
        int.Parse(flushed[1]).ShouldBeGreaterThan(0, "the pool was not starved");
        IsAllThere(target);
    }

    [Fact]
    public void With_a_sampler_that_drops_everything_bundles_are_complete_and_exporters_get_nothing()
    {
        using var target = new TargetProcess("unsampled");

        target.WaitForExit().ShouldBe(0, target.Errors);

        target.Said("exported").ShouldHaveSingleItem().ShouldBe(["0"]);
        RecorderFixture.Events(target.Bundle).Count.ShouldBe(8);
        RecorderFixture.Reduce(target.Bundle);
    }

    [Theory]
    [InlineData("umask 0")]
    [InlineData("umask 0777")]
    public void Whatever_the_umask_bundles_are_private_to_their_owner(string umask)
    {
        using var target = new TargetProcess("shutdown", shell: umask);

        target.WaitForExit().ShouldBe(3, target.Errors);

        RecorderFixture.Reduce(target.Bundle);
        var entries = new DirectoryInfo(target.Root).GetFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(target.Root)).ToArray();
        entries.Length.ShouldBe(8);
        foreach (var entry in entries)
        {
            entry.UnixFileMode.ShouldBe(
                entry is DirectoryInfo
                    ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                    : UnixFileMode.UserRead | UnixFileMode.UserWrite,
                entry.FullName);
        }
    }

    private static void IsAllThere(TargetProcess target)
    {
        var expected = target.Said("handed-over") is [[var events]] ? int.Parse(events) : 8;
        RecorderFixture.Events(target.Bundle).Count.ShouldBe(expected, target.Errors);
        RecorderFixture.Reduce(target.Bundle);
    }
}
