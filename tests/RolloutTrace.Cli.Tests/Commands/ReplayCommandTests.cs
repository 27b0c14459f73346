namespace RolloutTrace.Cli.Tests.Commands;

/// <summary>What the command says before it serves; what it serves is tested where the server is a process.</summary>
public sealed class ReplayCommandTests
{
    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("replay", "--help").Describe());

    [Theory]
    [InlineData("--from needs --live", "--from", "#2")]
    [InlineData("--live takes an address that begins with http:// or https://, not 'file:///x'", "--live", "file:///x")]
    [InlineData("--ignore takes instructions, tools, parameters or model, not 'time'", "--ignore", "time")]
    [InlineData("--speed takes a number that is not negative, not '-1'", "--speed", "-1")]
    [InlineData("--port takes a number from 0 to 65535, not '70000'", "--port", "70000")]
    [InlineData("--volatile", "--volatile", "(")]
    public void WrongOptions_AreSaid(string words, string option, string value)
    {
        var run = CommandLine.Run("replay", ConformanceCase.Named("mixed-1001").Bundle, option, value);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain(words);
    }

    [Theory]
    [InlineData("nowhere")]
    public void WhatIsNoBundle_IsSaid(string path)
    {
        var run = CommandLine.Run("replay", path);

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain(path);
    }

    [Fact]
    public void ARequestThatThereIsNot_IsSaid()
    {
        var run = CommandLine.Run("replay", ConformanceCase.Named("mixed-1001").Bundle, "--live", "http://127.0.0.1:1", "--from", "#1000");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain("has no request '#1000'");
    }
}
