namespace RolloutTrace.Cli.Tests;

public sealed class ViewCommandTests : IDisposable
{
    private readonly TestDirectory directory = new();

    private string Page => directory.Place("page.html");

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("view", "--help").Describe());

    [Fact]
    public void ABundle_ThePageIsOneFileForItsOwnerAndItsPathIsPrinted()
    {
        CommandLine.Run("view", directory.Copy("mixed-1001"), "-o", Page).ShouldBe(new CommandLine(ExitCodes.Success, Page + "\n", ""));

        File.ReadAllText(Page).ShouldStartWith("<!doctype html>");
        Directory.GetFiles(directory.Path).ShouldBe([Page]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Page).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void StandardOutput_GetsTheSamePageAndNothingElse()
    {
        var bundle = directory.Copy("mixed-1001");
        CommandLine.Run("view", bundle, "-o", Page);

        CommandLine.Run("view", bundle, "-o", "-").ShouldBe(new CommandLine(ExitCodes.Success, File.ReadAllText(Page), ""));
    }

    [Fact]
    public void WithoutContent_ThePageIsSmaller()
    {
        var bundle = directory.Copy("mixed-1001");
        CommandLine.Run("view", bundle, "-o", Page);

        CommandLine.Run("view", bundle, "-o", directory.Place("names.html"), "--no-content").ExitCode.ShouldBe(ExitCodes.Success);

        new FileInfo(directory.Place("names.html")).Length.ShouldBeLessThan(new FileInfo(Page).Length);
    }

    [Fact]
    public void A_bundle_of_which_nothing_is_lost_is_shown_without_a_word_of_what_strict_reduction_would_refuse()
    {
        var bundle = directory.Copy("mixed-1001");
        var log = Path.Join(bundle, "trace.jsonl");
        var next = File.ReadLines(log).Count() + 1;
        File.AppendAllText(log, $$$"""{"schema_version":1,"seq":{{{next}}},"wall_time_unix_ms":1,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"of_a_later_version"}}""" + "\n");

        CommandLine.Run("validate", bundle).Out.ShouldContain("1 defect of the evidence");
        CommandLine.Run("view", bundle, "-o", Page).Error.ShouldNotContain("defect");
        CommandLine.Run("inspect", bundle).Error.ShouldBeEmpty();
    }

    [Fact]
    public void ABundleWithDefects_IsShownAndTheDefectsAreSaid()
    {
        var run = CommandLine.Run("view", directory.Copy("broken-1006"), "-o", Page);

        run.ExitCode.ShouldBe(ExitCodes.Success);
        run.Error.ShouldContain("this is from what is sound");
    }

    [Fact]
    public void WhatIsNoBundleOrSeveral_IsAnErrorAndLeavesThePageAsItIs()
    {
        File.WriteAllText(Page, "mine");
        directory.Copy("mixed-1001", "many/a");
        directory.Copy("mixed-1003", "many/b");

        var missing = CommandLine.Run("view", directory.Place("nothing"), "-o", Page);
        var several = CommandLine.Run("view", directory.Place("many"), "-o", Page);
        var noPlace = CommandLine.Run("view", directory.Place("many/a"), "-o", directory.Place("no/page.html"));

        missing.ShouldBe(new CommandLine(ExitCodes.Failure, "", $"error: {directory.Place("nothing")}: no such file or directory\n"));
        several.ShouldBe(new CommandLine(ExitCodes.Failure, "", $"error: {directory.Place("many")}: holds 2 bundles; a page is of one, or of two that are named\n"));
        noPlace.ExitCode.ShouldBe(ExitCodes.Failure);
        noPlace.Error.ShouldStartWith($"error: {directory.Place("no/page.html")}: cannot be written: ");
        File.ReadAllText(Page).ShouldBe("mine");
    }

    [Fact]
    public void OfTwoBundles_ThePageHasBothSideBySide()
    {
        directory.Copy("mixed-1001", "a");
        directory.Copy("mixed-1003", "b");

        var result = CommandLine.Run("view", directory.Place("a"), directory.Place("b"), "-o", Page);
        var three = CommandLine.Run("view", directory.Place("a"), directory.Place("b"), directory.Place("a"));
        var missing = CommandLine.Run("view", directory.Place("a"), directory.Place("nothing"), "-o", Page);

        result.ExitCode.ShouldBe(ExitCodes.Success, result.Error);
        result.Out.ShouldBe($"{Page}\n");
        File.ReadAllText(Page).ShouldContain("two recorded runs side by side");
        three.ExitCode.ShouldBe(ExitCodes.Usage);
        missing.ShouldBe(new CommandLine(ExitCodes.Failure, "", $"error: {directory.Place("nothing")}: no such file or directory\n"));
    }

    [Fact]
    public void OpeningWhatIsNoFile_IsWrongUsage()
    {
        var run = CommandLine.Run("view", directory.Path, "-o", "-", "--open");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldStartWith("--open needs a file, and --output - writes none.\n");
    }
}
